using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Filter.Tests;

/// <summary>The policy most tests share, and short ways to write rules.</summary>
internal static class Rules
{
    /// <summary>Our addresses and one advertised route.</summary>
    public static readonly IPNetwork[] Local = [IPNetwork.Parse("100.64.0.2/32"), IPNetwork.Parse("fd7a:115c:a1e0::2/128"), IPNetwork.Parse("192.168.7.0/24")];

    public static FilterRule Allow(string[] from, params (string To, int First, int Last)[] to) => new()
    {
        SrcIPs = from,
        DstPorts = [.. to.Select(t => new NetPortRange { IP = t.To, Ports = new PortRange((ushort)t.First, (ushort)t.Last) })],
    };

    public static FilterRule For(this FilterRule rule, params int[] protocols) => rule with { IPProto = protocols };

    public static PacketFilter Filter(params FilterRule[] rules) => PacketFilter.Compile(rules, Local, out _);

    /// <summary>One peer may ssh, one prefix may reach a port range on everything local, one range of hosts may use everything.</summary>
    public static PacketFilter Policy() => Filter(
        Allow(["100.64.0.1"], ("100.64.0.2", 22, 22)),
        Allow(["100.65.0.0/16", "fd7a:115c:a1e0::/48"], ("*", 8000, 8010)),
        Allow(["100.66.0.1-100.66.0.9"], ("100.64.0.2/32", 0, 65535), ("192.168.7.0/24", 0, 65535)),
        Allow(["100.67.0.1"], ("100.64.0.2", 0, 65535)).For(47, 132));

    public static IReadOnlyDictionary<string, IReadOnlyList<FilterRule>> Named(params (string Name, FilterRule Rule)[] rules) =>
        rules.ToDictionary(r => r.Name, r => (IReadOnlyList<FilterRule>)[r.Rule]);
}
