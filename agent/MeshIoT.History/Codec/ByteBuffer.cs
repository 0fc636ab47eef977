using System;
using System.Buffers.Binary;
using System.Numerics;

namespace MeshIoT.History;

/// <summary>Bytes that grow, with the project's few ways to write a number. Not for two threads at once.</summary>
internal sealed class ByteBuffer(int capacity = 32)
{
    byte[] bytes = new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes held in memory.</summary>
    public int Capacity => bytes.Length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>A number in seven bits a byte, the lowest first (LEB128).</summary>
    public void Unsigned(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[Length++] = (byte)value;
    }

    /// <summary>A signed number, small ones of either sign short: 0, −1, 1, −2 … become 0, 1, 2, 3 …</summary>
    public void Signed(long value) => Unsigned(ZigZag(value));

    /// <summary>A number as it is, eight bytes.</summary>
    public void Real(double value)
    {
        Room(8);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(Length), value);
        Length += 8;
    }

    /// <summary>Bytes as they are.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        Room(data.Length);
        data.CopyTo(bytes.AsSpan(Length));
        Length += data.Length;
    }

    /// <summary>All of it, with its checksum behind.</summary>
    public byte[] ToChecked()
    {
        byte[] all = new byte[Length + 4];
        Written.CopyTo(all);
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(Length), Checksum(Written));
        return all;
    }

    /// <summary>What stands before a checksum that is right; false when it is not.</summary>
    public static bool TryCheck(ReadOnlySpan<byte> all, out ReadOnlySpan<byte> content)
    {
        content = all.Length < 4 ? default : all[..^4];
        return all.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(all[^4..]) == Checksum(content);
    }

    /// <summary>The unsigned number for a signed one.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    // CRC-32C.
    static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= 8; data = data[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    void Room(int more)
    {
        if (bytes.Length - Length < more)
        {
            Array.Resize(ref bytes, Math.Max(Length + more, bytes.Length + (bytes.Length / 2)));
        }
    }
}
