using System;
using System.Buffers.Binary;

namespace MeshIoT.Stun;

/// <summary>
/// "I see you there": one XOR-MAPPED-ADDRESS and nothing else, 32 bytes for IPv4 and 44 for IPv6. Read more generously than written:
/// servers in the wild use the draft's number for it, or the plain MAPPED-ADDRESS. data-plane.md section 3.1, RFC 8489 section 14.2.
/// </summary>
public static class StunResponse
{
    /// <summary>Bytes of the longest response that is written.</summary>
    public const int MaxSize = 44;

    const byte FamilyV4 = 1, FamilyV6 = 2;
    const int ValueHeaderSize = 4, ValueAt = StunDatagram.HeaderSize + StunDatagram.AttributeHeaderSize;

    static ReadOnlySpan<byte> V4Mapped => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <summary>Writes the response of a transaction to whoever was seen at an endpoint; returns its length.</summary>
    public static int Write(Span<byte> datagram, StunTransaction transaction, ReadOnlySpan<byte> seenFrom18)
    {
        ReadOnlySpan<byte> address = seenFrom18[..16];
        bool v4 = address.StartsWith(V4Mapped);
        address = v4 ? address[12..] : address;
        int valueSize = ValueHeaderSize + address.Length;
        StunDatagram.WriteHeader(datagram, StunDatagram.BindingSuccess, StunDatagram.AttributeHeaderSize + valueSize, transaction);
        StunDatagram.WriteAttributeHeader(datagram[StunDatagram.HeaderSize..], StunDatagram.XorMappedAddress, valueSize);
        Span<byte> value = datagram.Slice(ValueAt, valueSize);
        value[0] = 0;
        value[1] = v4 ? FamilyV4 : FamilyV6;
        seenFrom18.Slice(16, 2).CopyTo(value[2..]);
        address.CopyTo(value[ValueHeaderSize..]);
        Mask(value, datagram);
        return ValueAt + valueSize;
    }

    /// <summary>
    /// Reads a success response and where it says the request came from. Nothing here says that the response was asked for, nor that the
    /// address makes sense.
    /// </summary>
    public static StunFault Read(ReadOnlySpan<byte> datagram, out StunTransaction transaction, Span<byte> seenFrom18)
    {
        transaction = default;
        if (!StunDatagram.TryReadBody(datagram, out ushort type, out ReadOnlySpan<byte> body))
        {
            return StunFault.NotStun;
        }

        if (type != StunDatagram.BindingSuccess)
        {
            return StunFault.OtherType;
        }

        bool found = false, foundPlain = false, bad = false;
        Span<byte> endpoint = stackalloc byte[StunDatagram.EndpointSize];
        Span<byte> value = stackalloc byte[ValueHeaderSize + 16];
        StunAttributes attributes = new(body);
        while (!found && attributes.MoveNext())
        {
            bool masked = attributes.Type is StunDatagram.XorMappedAddress or StunDatagram.XorMappedAddressOld;
            if (!masked && (attributes.Type != StunDatagram.MappedAddress || foundPlain))
            {
                continue;
            }

            if (attributes.Value.Length > value.Length)
            {
                bad = true;
                continue;
            }

            Span<byte> copy = value[..attributes.Value.Length];
            attributes.Value.CopyTo(copy);
            if (masked && copy.Length >= ValueHeaderSize)
            {
                Mask(copy, datagram);
            }

            bool good = TryReadAddress(copy, endpoint);
            bad |= !good;
            found = good && masked;
            foundPlain |= good && !masked;
        }

        transaction = StunDatagram.TransactionOf(datagram);
        if (!found && !foundPlain)
        {
            return bad || attributes.IsMalformed ? StunFault.Malformed : StunFault.NoAddress;
        }

        endpoint.CopyTo(seenFrom18);
        return StunFault.None;
    }

    // Port and address, XORed with cookie and transaction, so that no middlebox "translates" them. The same both ways.
    static void Mask(Span<byte> value, ReadOnlySpan<byte> datagram)
    {
        ReadOnlySpan<byte> mask = datagram[StunDatagram.CookieAt..StunDatagram.HeaderSize];
        value[2] ^= mask[0];
        value[3] ^= mask[1];
        for (int i = ValueHeaderSize; i < value.Length; i++)
        {
            value[i] ^= mask[i - ValueHeaderSize];
        }
    }

    static bool TryReadAddress(ReadOnlySpan<byte> value, Span<byte> endpoint18)
    {
        if (value.Length == ValueHeaderSize + 4 && value[1] == FamilyV4)
        {
            V4Mapped.CopyTo(endpoint18);
            value[ValueHeaderSize..].CopyTo(endpoint18[12..]);
        }
        else if (value.Length == ValueHeaderSize + 16 && value[1] == FamilyV6)
        {
            value[ValueHeaderSize..].CopyTo(endpoint18);
        }
        else
        {
            return false;
        }

        return BinaryPrimitives.TryWriteUInt16BigEndian(endpoint18[16..], BinaryPrimitives.ReadUInt16BigEndian(value[2..]));
    }
}
