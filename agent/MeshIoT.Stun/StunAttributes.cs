using System;
using System.Buffers.Binary;

namespace MeshIoT.Stun;

/// <summary>Walks the attributes of a message; each step takes four bytes at least, so it ends. RFC 8489 section 14.</summary>
internal ref struct StunAttributes(ReadOnlySpan<byte> body)
{
    readonly ReadOnlySpan<byte> body = body;
    int at;

    /// <summary>Type of the current attribute.</summary>
    public ushort Type { get; private set; }

    /// <summary>Its value, without padding.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where it begins in the body.</summary>
    public int Start { get; private set; }

    /// <summary>Whether nothing follows the current one.</summary>
    public readonly bool IsLast => at >= body.Length;

    /// <summary>An attribute reached past the end.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Goes to the next attribute.</summary>
    public bool MoveNext()
    {
        if (at >= body.Length || IsMalformed)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = body[at..];
        int length = rest.Length < StunDatagram.AttributeHeaderSize ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length > rest.Length - StunDatagram.AttributeHeaderSize)
        {
            IsMalformed = true;
            return false;
        }

        Start = at;
        Type = BinaryPrimitives.ReadUInt16BigEndian(rest);
        Value = rest.Slice(StunDatagram.AttributeHeaderSize, length);
        at += StunDatagram.AttributeHeaderSize + ((length + 3) & ~3);
        return true;
    }
}
