using System;

namespace MeshIoT.Policy.Document;

/// <summary>Times as policies write them: "12h", "1h30m", "90s". The form that Go's time.ParseDuration reads.</summary>
internal static class GoDuration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        int at = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        bool negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 40 || at == text.Length)
        {
            return false;
        }

        if (text[at..] == "0")
        {
            return true;
        }

        double seconds = 0;
        while (at < text.Length)
        {
            int from = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            {
                at++;
            }

            if (!double.TryParse(text.AsSpan(from, at - from), System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            int unit = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at]) && text[at] != '.')
            {
                at++;
            }

            double factor = text[unit..at] switch
            {
                "ns" => 1e-9, "us" or "µs" or "μs" => 1e-6, "ms" => 1e-3, "s" => 1, "m" => 60, "h" => 3600, _ => double.NaN,
            };
            seconds += number * factor;
        }

        if (!(seconds < 9e9))
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(negative ? -seconds : seconds);
        return true;
    }
}
