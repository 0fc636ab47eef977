using System;
using System.Buffers.Binary;

namespace MeshIoT.Stun;

/// <summary>
/// "Where do you see me?", as nodes of this family ask it: forty bytes, a software name and a fingerprint, by which a server knows whom
/// it serves. data-plane.md section 3.1.
/// </summary>
public static class StunRequest
{
    /// <summary>Bytes of a request.</summary>
    public const int Size = 40;

    /// <summary>Longest request that is looked at; longer ones are nobody's of ours.</summary>
    public const int MaxSize = 512;

    const int BodySize = Size - StunDatagram.HeaderSize, SoftwareAt = StunDatagram.HeaderSize, FingerprintAt = Size - 8;

    /// <summary>Writes the request of a transaction; returns <see cref="Size"/>.</summary>
    public static int Write(Span<byte> datagram, StunTransaction transaction)
    {
        datagram = datagram[..Size];
        StunDatagram.WriteHeader(datagram, StunDatagram.BindingRequest, BodySize, transaction);
        StunDatagram.WriteAttributeHeader(datagram[SoftwareAt..], StunDatagram.Software, StunDatagram.SoftwareName.Length);
        StunDatagram.SoftwareName.CopyTo(datagram[(SoftwareAt + StunDatagram.AttributeHeaderSize)..]);
        StunDatagram.WriteAttributeHeader(datagram[FingerprintAt..], StunDatagram.Fingerprint, sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(
            datagram[(FingerprintAt + StunDatagram.AttributeHeaderSize)..], Crc32.Of(datagram[..FingerprintAt]) ^ StunDatagram.FingerprintMask);
        return Size;
    }

    /// <summary>Reads a request that deserves an answer: it calls itself "tailnode", and a right fingerprint is its last attribute.</summary>
    public static StunFault Read(ReadOnlySpan<byte> datagram, out StunTransaction transaction)
    {
        transaction = default;
        if (datagram.Length > MaxSize || !StunDatagram.TryReadBody(datagram, out ushort type, out ReadOnlySpan<byte> body))
        {
            return StunFault.NotStun;
        }

        if (type != StunDatagram.BindingRequest)
        {
            return StunFault.OtherType;
        }

        bool ours = false, whole = false;
        StunAttributes attributes = new(body);
        while (attributes.MoveNext())
        {
            ours |= attributes.Type == StunDatagram.Software && attributes.Value.SequenceEqual(StunDatagram.SoftwareName);
            whole = attributes.Type == StunDatagram.Fingerprint && attributes.IsLast
                && HoldsFor(attributes.Value, datagram[..(StunDatagram.HeaderSize + attributes.Start)]);
        }

        transaction = StunDatagram.TransactionOf(datagram);
        return attributes.IsMalformed ? StunFault.Malformed : !ours ? StunFault.ForeignSoftware : whole ? StunFault.None : StunFault.BadFingerprint;
    }

    static bool HoldsFor(ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> before) =>
        fingerprint.Length == sizeof(uint)
        && BinaryPrimitives.ReadUInt32BigEndian(fingerprint) == (Crc32.Of(before) ^ StunDatagram.FingerprintMask);
}
