using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using MeshIoT.Policy.Hujson;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Document;

/// <summary>"*", "22", "80-443", "22,80,8000-8100".</summary>
internal static class Ports
{
    /// <summary>False with the reason where the text is no list of ports.</summary>
    public static bool TryParse(string text, out ImmutableArray<PortRange> ports, out string why)
    {
        why = "";
        ports = [];
        if (text == "*")
        {
            ports = [PortRange.Any];
            return true;
        }

        List<PortRange> ranges = [];
        foreach (string part in text.Split(','))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            string first = dash < 0 ? part : part[..dash], last = dash < 0 ? part : part[(dash + 1)..];
            if (!One(first, out ushort low) || !One(last, out ushort high))
            {
                why = $"port range \"{HujsonParser.Shown(text)}\": \"{HujsonParser.Shown(part)}\" is not a port from 1 to 65535, nor first-last, nor *";
                return false;
            }

            if (low > high)
            {
                why = $"port range \"{HujsonParser.Shown(text)}\": the first port is greater than the last";
                return false;
            }

            if (low == 0 && dash < 0)
            {
                why = $"port range \"{HujsonParser.Shown(text)}\": the port must be above 0; * stands for all";
                return false;
            }

            ranges.Add(new(low, high));
        }

        ports = [.. ranges];
        return true;
    }

    static bool One(string text, out ushort port) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
