using System;
using System.Threading;

namespace MeshIoT.Node.Engine;

/// <summary>WireGuard messages by the way they took. The engine thread counts, any thread reads; each number is whole by itself.</summary>
internal sealed class TrafficCounters
{
    const int Ways = 3, Relay = 2;

    readonly long[] packetsIn = new long[Ways], bytesIn = new long[Ways], packetsOut = new long[Ways], bytesOut = new long[Ways];

    /// <summary>Datagrams came straight from an endpoint of 18 bytes.</summary>
    public void ReceivedDirect(ReadOnlySpan<byte> endpoint18, int packets, long bytes) => Add(packetsIn, bytesIn, WayOf(endpoint18), packets, bytes);

    /// <summary>Packets came by relay.</summary>
    public void ReceivedByRelay(int packets, long bytes) => Add(packetsIn, bytesIn, Relay, packets, bytes);

    /// <summary>Datagrams went straight to an endpoint of 18 bytes.</summary>
    public void SentDirect(ReadOnlySpan<byte> endpoint18, int packets, long bytes) => Add(packetsOut, bytesOut, WayOf(endpoint18), packets, bytes);

    /// <summary>Packets were given to a relay.</summary>
    public void SentByRelay(int packets, long bytes) => Add(packetsOut, bytesOut, Relay, packets, bytes);

    /// <summary>The numbers of a way: "direct_ipv4", "direct_ipv6" or "derp".</summary>
    public PathTraffic Of(PathTrafficKind kind)
    {
        int way = (int)kind;
        return new(
            kind switch { PathTrafficKind.DirectIPv4 => "direct_ipv4", PathTrafficKind.DirectIPv6 => "direct_ipv6", _ => "derp" },
            Volatile.Read(ref packetsIn[way]), Volatile.Read(ref bytesIn[way]), Volatile.Read(ref packetsOut[way]), Volatile.Read(ref bytesOut[way]));
    }

    static void Add(long[] allPackets, long[] allBytes, int way, int packets, long bytes)
    {
        allPackets[way] += packets;
        allBytes[way] += bytes;
    }

    // ::ffff:a.b.c.d
    static int WayOf(ReadOnlySpan<byte> endpoint18) =>
        endpoint18[..10].IndexOfAnyExcept((byte)0) < 0 && endpoint18[10] == 0xff && endpoint18[11] == 0xff ? (int)PathTrafficKind.DirectIPv4 : (int)PathTrafficKind.DirectIPv6;
}

/// <summary>The ways of packets.</summary>
internal enum PathTrafficKind
{
    /// <summary>Straight, over IPv4.</summary>
    DirectIPv4,

    /// <summary>Straight, over IPv6.</summary>
    DirectIPv6,

    /// <summary>Through a relay.</summary>
    Relay,
}
