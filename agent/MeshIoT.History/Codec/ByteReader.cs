using System;
using System.Buffers.Binary;

namespace MeshIoT.History;

/// <summary>Reads what <see cref="ByteBuffer"/> wrote. Past the end or beyond all numbers it gives 0 and <see cref="IsBroken"/>; it never throws.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> data)
{
    ReadOnlySpan<byte> rest = data;

    /// <summary>True once something was read that is not there.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True when nothing is left.</summary>
    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>See <see cref="ByteBuffer.Unsigned"/>.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < rest.Length; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return value;
            }
        }

        return (ulong)Break();
    }

    /// <summary>See <see cref="ByteBuffer.Signed"/>.</summary>
    public long Signed()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>See <see cref="ByteBuffer.Real"/>.</summary>
    public double Real()
    {
        if (rest.Length < 8)
        {
            return Break();
        }

        double value = BinaryPrimitives.ReadDoubleLittleEndian(rest);
        rest = rest[8..];
        return value;
    }

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes(ulong count)
    {
        if (count > (ulong)rest.Length)
        {
            Break();
            return default;
        }

        ReadOnlySpan<byte> bytes = rest[..(int)count];
        rest = rest[(int)count..];
        return bytes;
    }

    long Break()
    {
        IsBroken = true;
        rest = default;
        return 0;
    }
}
