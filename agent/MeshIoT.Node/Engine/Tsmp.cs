using System;
using System.Buffers.Binary;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Engine;

/// <summary>
/// Tailscale's messages inside the tunnel, from agent to agent, past the packet filter. data-plane.md section 7.4.
/// <code>
///   ping  'p'  8 bytes                         every node answers it
///   pong  'o'  the same 8 bytes  port (BE16)   the port of the peer's PeerAPI, 0 for none
///   key   'a'  32 bytes                        the sender's disco key, right after a handshake
/// </code>
/// Bytes beyond are ignored. A reader takes only what a packet of the tunnel holds; who may say it is its caller's question.
/// </summary>
internal static class Tsmp
{
    const byte Ping = (byte)'p', Pong = (byte)'o', DiscoKey = (byte)'a';
    const int KeyLength = 32, PingLength = 1 + CookieLength, PongLength = PingLength + 2, DiscoKeyLength = 1 + KeyLength;

    /// <summary>Bytes by which a pong is known.</summary>
    public const int CookieLength = 8;

    /// <summary>The largest packet written here.</summary>
    public const int LargestPacket = 40 + DiscoKeyLength;

    /// <summary>Writes the pong for a ping; 0 when the packet is no ping. The PeerAPI port is 0: there is none.</summary>
    public static int TryReply(in IPPacket packet, Span<byte> output)
    {
        if (!Is(packet, Ping, PingLength))
        {
            return 0;
        }

        Span<byte> pong = Begin(output, packet.Destination, packet.Source, Pong, PongLength, out int length);
        packet.Payload.Slice(1, CookieLength).CopyTo(pong[1..]);
        pong[PingLength..].Clear();
        return length;
    }

    /// <summary>Writes a ping with these 8 bytes; returns its length.</summary>
    public static int WritePing(Span<byte> output, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> cookie)
    {
        Span<byte> ping = Begin(output, source, destination, Ping, PingLength, out int length);
        cookie[..CookieLength].CopyTo(ping[1..]);
        return length;
    }

    /// <summary>Whether it is the pong to the ping with these 8 bytes.</summary>
    public static bool TryReadPong(in IPPacket packet, ReadOnlySpan<byte> cookie, out int peerApiPort)
    {
        bool mine = Is(packet, Pong, PongLength) && packet.Payload.Slice(1, CookieLength).SequenceEqual(cookie);
        peerApiPort = mine ? BinaryPrimitives.ReadUInt16BigEndian(packet.Payload[PingLength..]) : 0;
        return mine;
    }

    /// <summary>Writes the advertisement of a disco key; returns its length.</summary>
    public static int WriteDiscoKey(Span<byte> output, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, DiscoPublicKey key)
    {
        key.CopyTo(Begin(output, source, destination, DiscoKey, DiscoKeyLength, out int length)[1..]);
        return length;
    }

    /// <summary>The disco key that the packet advertises; false when it advertises none.</summary>
    public static bool TryReadDiscoKey(in IPPacket packet, out DiscoPublicKey key)
    {
        bool valid = Is(packet, DiscoKey, DiscoKeyLength);
        key = valid ? DiscoPublicKey.FromBytes(packet.Payload.Slice(1, KeyLength)) : default;
        return valid && !key.IsZero;
    }

    static bool Is(in IPPacket packet, byte type, int length) =>
        packet.Protocol == IPPacket.Tsmp && packet.Payload.Length >= length && packet.Payload[0] == type;

    static Span<byte> Begin(
        Span<byte> output, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte type, int payloadLength, out int length)
    {
        int header = IPPacket.WriteHeader(output, IPPacket.Tsmp, source, destination, payloadLength);
        length = header + payloadLength;
        output[header] = type;
        return output[header..length];
    }
}
