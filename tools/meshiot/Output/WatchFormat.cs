using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Output;

/// <summary>What a person wants printed for each value: the letters of mosquitto_sub(1), and a few of our own.</summary>
internal sealed class WatchFormat
{
    const string Letters = "tpxlIUjJqrgsnuQ%", Escaped = "ntrabe0\\\"", Meant = "\n\t\r\a\b\u001b\0\\\"";

    readonly List<(string Text, char Letter)> parts = [];

    /// <summary>Reads a format.</summary>
    /// <exception cref="FaultException">It has a letter that means nothing.</exception>
    public static WatchFormat Parse(string text)
    {
        WatchFormat format = new();
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i], next = i + 1 < text.Length ? text[i + 1] : '\uffff';
            if (c == '\\')
            {
                int escape = Escaped.IndexOf(next, StringComparison.Ordinal);
                plain.Append(escape >= 0 ? Meant[escape] : throw Unknown(text, i));
                i++;
            }
            else if (c == '%')
            {
                format.parts.Add((plain.ToString(), Letters.Contains(next, StringComparison.Ordinal) ? next : throw Unknown(text, i)));
                plain.Clear();
                i++;
            }
            else
            {
                plain.Append(c);
            }
        }

        format.parts.Add((plain.ToString(), '\0'));
        return format;
    }

    /// <summary>The line for a value.</summary>
    public string Of(GatewaySensorsDto gateway, SensorDto sensor)
    {
        StringBuilder line = new();
        foreach ((string text, char letter) in parts)
        {
            line.Append(text).Append(Field(letter, gateway, sensor));
        }

        return line.ToString();
    }

    static string Field(char letter, GatewaySensorsDto g, SensorDto s)
    {
        DateTimeOffset time = s.Time ?? DateTimeOffset.UnixEpoch;
        return letter switch
        {
            '\0' => "",
            't' => Words.Cell(g.Gateway) + "/" + Words.Cell(s.Id),
            'p' => Words.Value(s),
            'x' => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Words.Value(s))),
            'l' => Encoding.UTF8.GetByteCount(Words.Value(s)).ToString(CultureInfo.InvariantCulture),
            'I' => time.ToLocalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            'U' => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture),
            'j' => JsonSerializer.Serialize(s, CliJsonLines.Default.SensorDto),
            'J' => JsonSerializer.Serialize(new WatchLine(g.Gateway, g.Address, g.Path, g.Endpoint, g.Relay, g.RxBytes, g.TxBytes, s), CliJsonLines.Default.WatchLine),
            'q' or 'r' => "0",
            'g' => Words.Cell(g.Gateway),
            's' => Words.Cell(s.Id),
            'n' => Words.Cell(s.Name),
            'u' => Words.Cell(s.Unit),
            'Q' => Words.Quality(s),
            _ => "%",
        };
    }

    static FaultException Unknown(string text, int at) =>
        Faults.OptionMalformed.With("--format", text, $"understood from its character {at + 1} on").ToException();
}
