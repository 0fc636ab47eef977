using System;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>
/// The envelope of every disco message: magic, the sender's disco key, a nonce, a NaCl box for the receiver's disco key.
/// data-plane.md section 2.1.
/// <code>
///   0        6                 38          62
///   | magic  | sender's key    | nonce     | tag (16), type, version, payload
/// </code>
/// </summary>
public static class DiscoDatagram
{
    /// <summary>Bytes before the box.</summary>
    public const int HeaderSize = 62;

    /// <summary>Bytes a datagram is longer than the payload of its message: header, tag, type, version.</summary>
    public const int Overhead = HeaderSize + NaClBox.TagSize + MessageHeaderSize;

    /// <summary>Bytes of an endpoint on the wire: an IPv6 or v4-mapped address and a big-endian port.</summary>
    public const int EndpointSize = 18;

    internal const int SenderAt = 6, NonceAt = 38, MessageHeaderSize = 2;

    /// <summary>"TS" and a speech balloon.</summary>
    internal static ReadOnlySpan<byte> Magic => [0x54, 0x53, 0xF0, 0x9F, 0x92, 0xAC];

    /// <summary>Whether a datagram is disco's rather than WireGuard's: WireGuard's begin with 1 to 4 and three zeros. data-plane.md section 2.4.</summary>
    public static bool IsDisco(ReadOnlySpan<byte> datagram) => datagram.Length >= NonceAt && datagram.StartsWith(Magic);

    /// <summary>The sender's disco key, in the clear; the datagram is one that <see cref="IsDisco"/> accepted.</summary>
    public static DiscoPublicKey SenderOf(ReadOnlySpan<byte> datagram) => DiscoPublicKey.FromBytes(datagram[SenderAt..NonceAt]);
}
