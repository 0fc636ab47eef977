using System;
using System.Collections.Generic;
using System.Globalization;

namespace MeshIoT.Policy.Document;

/// <summary>IP protocols by name or number. Numbers: IANA's Protocol Numbers registry; names: those of the policy language.</summary>
internal static class Protocols
{
    public const int Tcp = 6, Udp = 17, Sctp = 132;

    public static IReadOnlyDictionary<string, int> ByName { get; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["icmp"] = 1, ["igmp"] = 2, ["ipv4"] = 4, ["ip-in-ip"] = 4, ["tcp"] = Tcp, ["egp"] = 8, ["igp"] = 9, ["udp"] = Udp, ["gre"] = 47,
        ["esp"] = 50, ["ah"] = 51, ["ipv6-icmp"] = 58, ["sctp"] = Sctp, ["fc"] = 133,
    };

    public static bool HasPorts(int? protocol) => protocol is null or Tcp or Udp or Sctp;

    /// <summary>False with the reason where the text names no protocol.</summary>
    public static bool TryParse(string text, out int protocol, out string why)
    {
        why = "";
        if (ByName.TryGetValue(text, out protocol))
        {
            return true;
        }

        if (text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1]))
        {
            why = $"protocol \"{Hujson.HujsonParser.Shown(text)}\" must not start with 0";
        }
        else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out protocol))
        {
            why = protocol is > 0 and <= 255 ? "" : $"protocol number {Hujson.HujsonParser.Shown(text)} is not within 1-255";
        }
        else
        {
            why = $"protocol \"{Hujson.HujsonParser.Shown(text)}\" is not known; use a name (tcp, udp, icmp, ...) or a number 1-255{Spelling.Hint(text, ByName.Keys)}";
        }

        return why.Length == 0;
    }
}
