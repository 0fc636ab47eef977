using System;
using System.Buffers.Binary;

namespace MeshIoT.Stun;

/// <summary>
/// What all STUN messages share. RFC 8489 sections 5 and 14, data-plane.md section 3.1.
/// <code>
///   0      2        4              8                   20
///   | type | length | 21 12 A4 42  | transaction (12)  | attributes: type (2), length (2), value, padding to 4
/// </code>
/// </summary>
public static class StunDatagram
{
    /// <summary>Bytes before the attributes.</summary>
    public const int HeaderSize = 20;

    /// <summary>Bytes of an endpoint: an IPv6 or v4-mapped address, then the port, big-endian.</summary>
    public const int EndpointSize = 18;

    /// <summary>The port of a server that names no other.</summary>
    public const int DefaultPort = 3478;

    internal const uint Cookie = 0x2112A442, FingerprintMask = 0x5354554E;
    internal const ushort BindingRequest = 0x0001, BindingSuccess = 0x0101;
    internal const ushort MappedAddress = 0x0001, XorMappedAddress = 0x0020, XorMappedAddressOld = 0x8020, Software = 0x8022, Fingerprint = 0x8028;
    internal const int LengthAt = 2, CookieAt = 4, TransactionAt = 8, AttributeHeaderSize = 4;

    /// <summary>What requests of this protocol family call themselves; servers answer nobody else.</summary>
    internal static ReadOnlySpan<byte> SoftwareName => "tailnode"u8;

    /// <summary>
    /// Whether a datagram is STUN's rather than disco's or WireGuard's: a binding request or success response with the cookie in its
    /// place. To be asked first. data-plane.md section 2.4.
    /// </summary>
    public static bool IsStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderSize && (datagram[0] & 0xC0) == 0 && datagram[1] == 0x01
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[CookieAt..]) == Cookie;

    /// <summary>The transaction; the datagram is one that <see cref="IsStun"/> accepted.</summary>
    public static StunTransaction TransactionOf(ReadOnlySpan<byte> datagram) => StunTransaction.Read(datagram[TransactionAt..]);

    // The attributes, without what may follow the message; empty and false when the length is a lie.
    internal static bool TryReadBody(ReadOnlySpan<byte> datagram, out ushort type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        if (!IsStun(datagram))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[LengthAt..]);
        if (length > datagram.Length - HeaderSize)
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        body = datagram.Slice(HeaderSize, length);
        return true;
    }

    internal static void WriteHeader(Span<byte> datagram, ushort type, int length, StunTransaction transaction)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram, type);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[LengthAt..], (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[CookieAt..], Cookie);
        transaction.Write(datagram[TransactionAt..]);
    }

    internal static void WriteAttributeHeader(Span<byte> at, ushort type, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, type);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)length);
    }
}
