using System;
using System.Text;

namespace MeshIoT.Provisioning;

/// <summary>Draws a QR code, quiet zone included, as lines of text.</summary>
public static class TerminalQr
{
    /// <summary>
    /// The code as text, each line ended by a line feed. On a dark terminal (<paramref name="darkBackground"/>, the usual case)
    /// the characters paint the light modules; on a light one they paint the dark modules. Either way a scanner sees dark on light.
    /// </summary>
    public static string Render(QrSymbol symbol, TerminalQrFormat format, bool darkBackground = true)
    {
        if (format == TerminalQrFormat.Auto)
        {
            format = SpeaksUtf8(Environment.GetEnvironmentVariable) ? TerminalQrFormat.Small : TerminalQrFormat.Ascii;
        }

        return format switch
        {
            TerminalQrFormat.Small => HalfBlocks(symbol, darkBackground),
            TerminalQrFormat.Large => Doubled(symbol, darkBackground, '\u2588'),
            _ => Doubled(symbol, darkBackground, '#'),
        };
    }

    /// <summary>True when the locale (LC_ALL, else LC_CTYPE, else LANG) is a UTF-8 one; <paramref name="variable"/> looks variables up.</summary>
    public static bool SpeaksUtf8(Func<string, string?> variable)
    {
        foreach (string name in (ReadOnlySpan<string>)["LC_ALL", "LC_CTYPE", "LANG"])
        {
            if (variable(name) is { Length: > 0 } locale)
            {
                return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }

    static string HalfBlocks(QrSymbol symbol, bool paintLight)
    {
        int from = -QrSymbol.QuietZone, to = symbol.Size + QrSymbol.QuietZone;
        StringBuilder text = new();
        for (int y = from; y < to; y += 2)
        {
            for (int x = from; x < to; x++)
            {
                bool upper = symbol.IsDark(x, y) != paintLight;

                // A QR code has an odd number of rows: the half line below the last one stays unpainted.
                bool lower = y + 1 < to && symbol.IsDark(x, y + 1) != paintLight;
                text.Append((upper, lower) switch
                {
                    (true, true) => '\u2588',
                    (true, false) => '\u2580',
                    (false, true) => '\u2584',
                    _ => ' ',
                });
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    static string Doubled(QrSymbol symbol, bool paintLight, char ink)
    {
        int from = -QrSymbol.QuietZone, to = symbol.Size + QrSymbol.QuietZone;
        StringBuilder text = new();
        for (int y = from; y < to; y++)
        {
            for (int x = from; x < to; x++)
            {
                text.Append(symbol.IsDark(x, y) != paintLight ? ink : ' ', 2);
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
