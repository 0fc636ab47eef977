using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Paths.NetCheck;

namespace MeshIoT.Paths.Tests.NetCheck;

/// <summary>Maps, reports and endpoints of the tests.</summary>
internal static class Places
{
    public static byte[] Endpoint(string text)
    {
        IPEndPoint parsed = IPEndPoint.Parse(text);
        byte[] bytes = new byte[18];
        parsed.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(16), (ushort)parsed.Port);
        return bytes;
    }

    public static byte[] Address(string text) => Endpoint(text.Contains(':', StringComparison.Ordinal) ? $"[{text}]:1" : text + ":1")[..16];

    /// <summary>A region with one node for each number: 198.51.100.(id) and 2001:db8::(id).</summary>
    public static ProbeRegion Region(int id, int nodes = 1, bool v6 = true) => new(id, $"r{id}", $"Region {id}")
    {
        Nodes = [.. Enumerable.Range(0, nodes).Select(n => new ProbeNode(Endpoint($"198.51.100.{id}:{3478 + n}"), v6 ? Endpoint($"[2001:db8::{id:x}]:{3478 + n}") : null))],
    };

    public static ProbeMap Map(params int[] ids) => new([.. ids.Select(static id => Region(id))]);

    /// <summary>A report by "region latencyMs" pairs, all over IPv4.</summary>
    public static NetCheckReport Report(params (int Region, double Ms)[] measured) => new()
    {
        Udp = measured.Length > 0,
        Regions = [.. measured.Select(static m => new RegionReport(m.Region, $"r{m.Region}", "") { V4 = TimeSpan.FromMilliseconds(m.Ms) })],
    };

    /// <summary>"1-v4: 0 100 200" for each set.</summary>
    public static IEnumerable<string> Describe(IReadOnlyList<ProbeSet> plan) => plan.Select(static set =>
        $"{set.Region.RegionId}-v{(set.IsV6 ? 6 : 4)}: {string.Join(' ', set.Probes.Select(static p => Math.Round(p.After.TotalMilliseconds)))}");
}

/// <summary>The same bytes in every run.</summary>
internal sealed class SeededRandom(int seed) : RandomSource
{
    readonly Random random = new(seed);

    public override void Fill(byte[] buffer, int offset, int length) => random.NextBytes(buffer.AsSpan(offset, length));
}
