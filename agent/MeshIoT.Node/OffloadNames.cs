using System;
using System.Collections.Generic;
using MeshIoT.Linux;

namespace MeshIoT.Node;

/// <summary>Offloads as people write them: "all", "none", or names with commas.</summary>
public static class OffloadNames
{
    /// <summary>Each by its name.</summary>
    public static IReadOnlyList<(string Name, Offloads Offload)> All { get; } =
    [
        ("tun-tcp", Offloads.TunTcp),
        ("tun-udp", Offloads.TunUdp),
        ("udp-gso", Offloads.UdpGso),
        ("udp-gro", Offloads.UdpGro),
    ];

    /// <summary>Reads what people wrote; false when a word is none of the names.</summary>
    public static bool TryParse(string text, out Offloads offloads)
    {
        offloads = text == "all" ? Offloads.All : Offloads.None;
        if (text is "all" or "none")
        {
            return true;
        }

        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            Offloads one = Offloads.None;
            foreach ((string name, Offloads offload) in All)
            {
                one |= name == part ? offload : Offloads.None;
            }

            if (one == Offloads.None)
            {
                return false;
            }

            offloads |= one;
        }

        return true;
    }
}
