using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Control;
using MeshIoT.Disco;

namespace MeshIoT.Node.Engine;

/// <summary>Endpoints as the engine has them: an IPv6 or v4-mapped address (16 bytes), then the port (2, big-endian).</summary>
internal static class Endpoints
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 18;

    /// <summary>A netmap may list more for a peer; the rest is not tried.</summary>
    public const int MostPerPeer = 16;

    /// <summary>Reads "ip:port" or "[ip]:port"; false for what no datagram can or should be sent to.</summary>
    public static bool TryParse(string text, out byte[] endpoint18)
    {
        endpoint18 = [];
        if (!IPEndPoint.TryParse(text, out IPEndPoint? parsed) || parsed.Port == 0 || !IsUsable(parsed.Address))
        {
            return false;
        }

        endpoint18 = FromIPEndPoint(parsed);
        return true;
    }

    /// <summary>The usable ones of a netmap entry, without repetition, at most <see cref="MostPerPeer"/>.</summary>
    public static IReadOnlyList<byte[]> ParseAll(IEnumerable<string> texts)
    {
        List<byte[]> found = [];
        foreach (string text in texts)
        {
            if (found.Count == MostPerPeer)
            {
                break;
            }

            if (TryParse(text, out byte[] endpoint) && !found.Exists(other => other.AsSpan().SequenceEqual(endpoint)))
            {
                found.Add(endpoint);
            }
        }

        return found;
    }

    /// <summary>The usable ones of a peer without repetition, at most <see cref="MostPerPeer"/>: 18 bytes each, one after the other.</summary>
    public static byte[] Pack(PeerEndpoints endpoints)
    {
        Span<byte> found = stackalloc byte[MostPerPeer * Size];
        int used = 0;
        for (int i = 0; i < endpoints.Count && used < found.Length; i++)
        {
            ReadOnlySpan<byte> endpoint = endpoints.Bytes(i);
            if (!RelayEndpoint.Is(endpoint) && IsUsable(new IPAddress(endpoint[..16])) && !Holds(found[..used], endpoint))
            {
                endpoint.CopyTo(found[used..]);
                used += Size;
            }
        }

        return found[..used].ToArray();
    }

    /// <summary>The 18 bytes of an address and port.</summary>
    public static byte[] FromIPEndPoint(IPEndPoint endpoint)
    {
        byte[] bytes = new byte[Size];
        endpoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(16), (ushort)endpoint.Port);
        return bytes;
    }

    /// <summary>The address and port of 18 bytes; a v4-mapped address as IPv4.</summary>
    public static IPEndPoint ToIPEndPoint(ReadOnlySpan<byte> endpoint18)
    {
        IPAddress address = new(endpoint18[..16]);
        return new IPEndPoint(
            address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, BinaryPrimitives.ReadUInt16BigEndian(endpoint18[16..]));
    }

    static bool Holds(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> endpoint)
    {
        for (int at = 0; at < packed.Length; at += Size)
        {
            if (packed.Slice(at, Size).SequenceEqual(endpoint))
            {
                return true;
            }
        }

        return false;
    }

    // Link-local addresses mean nothing on another machine; multicast, broadcast and "any" are no machine.
    static bool IsUsable(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && address.ScopeId == 0 && !address.Equals(IPAddress.IPv6Any);
        }

        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return bytes[0] is not 0 and < 224 && !(bytes[0] == 169 && bytes[1] == 254);
    }
}
