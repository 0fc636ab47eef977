using System;
using System.Buffers.Binary;

namespace MeshIoT.Disco;

/// <summary>
/// How a relayed path is written where endpoints stand: 127.3.3.40 with the relay's region as port, in the same 18 bytes. No datagram
/// of a network may have it as its source, and none is ever sent to it. data-plane.md section 4.5.
/// </summary>
public static class RelayEndpoint
{
    /// <summary>Greatest region number that fits.</summary>
    public const int MostRegion = 65535;

    static ReadOnlySpan<byte> Address => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 3, 3, 40];

    /// <summary>Whether the endpoint's address is the relays', with whatever port.</summary>
    public static bool Is(ReadOnlySpan<byte> endpoint18) => endpoint18[..16].SequenceEqual(Address);

    /// <summary>The region of a relayed path; 0 when it is none.</summary>
    public static int RegionOf(ReadOnlySpan<byte> endpoint18) => Is(endpoint18) ? BinaryPrimitives.ReadUInt16BigEndian(endpoint18[16..]) : 0;

    /// <summary>The region of a relayed path; false for an endpoint of UDP.</summary>
    public static bool TryRegion(ReadOnlySpan<byte> endpoint18, out int region) => (region = RegionOf(endpoint18)) != 0;

    /// <summary>Writes the 18 bytes for a region, 1 to <see cref="MostRegion"/>.</summary>
    public static void Write(int region, Span<byte> endpoint18)
    {
        Address.CopyTo(endpoint18);
        BinaryPrimitives.WriteUInt16BigEndian(endpoint18[16..], (ushort)region);
    }

    /// <summary>The 18 bytes for a region in a new array.</summary>
    public static byte[] Of(int region)
    {
        byte[] endpoint = new byte[DiscoDatagram.EndpointSize];
        Write(region, endpoint);
        return endpoint;
    }
}
