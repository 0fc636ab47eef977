using System;
using System.Buffers.Binary;
using MeshIoT.Crypto;

namespace MeshIoT.Control;

/// <summary>
/// Seals and opens transport records: type 4, length (16 bits, big-endian), ciphertext and tag. The nonce is four zero bytes and the
/// record's number in BIG-endian order, unlike plain Noise. One thread may seal while another opens. control-plane.md section 3.1.
/// </summary>
public sealed class NoiseRecords : IDisposable
{
    /// <summary>Longest record on the wire, header included.</summary>
    public const int MaxRecordSize = 4096;

    /// <summary>Type and length.</summary>
    public const int HeaderSize = 3;

    /// <summary>Authentication tag.</summary>
    public const int TagSize = 16;

    /// <summary>Most text one record can carry.</summary>
    public const int MaxPlainSize = MaxRecordSize - HeaderSize - TagSize;

    const byte RecordType = 4;

    readonly AeadKey sendKey, receiveKey;
    ulong sent, received;

    internal NoiseRecords(AeadKey sendKey, AeadKey receiveKey) => (this.sendKey, this.receiveKey) = (sendKey, receiveKey);

    /// <summary>Seals at most <see cref="MaxPlainSize"/> bytes into one record; returns its size, <paramref name="length"/> + 19.</summary>
    public int Seal(byte[] plain, int offset, int length, byte[] output, int outOffset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)MaxPlainSize, nameof(length));
        sendKey.Seal(Number(ref sent), plain, offset, length, output, outOffset + HeaderSize);
        output[outOffset] = RecordType;
        BinaryPrimitives.WriteUInt16BigEndian(output.AsSpan(outOffset + 1), (ushort)(length + TagSize));
        return HeaderSize + length + TagSize;
    }

    /// <summary>Bytes that follow the header; false for another type or a length no record can have.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int bodyLength)
    {
        bodyLength = 0;
        if (header.Length < HeaderSize || header[0] != RecordType)
        {
            return false;
        }

        bodyLength = BinaryPrimitives.ReadUInt16BigEndian(header[1..]);
        return bodyLength is >= TagSize and <= MaxRecordSize - HeaderSize;
    }

    /// <summary>Opens the body of the next record, also in place; false kills the connection. The text has <paramref name="length"/> - 16 bytes.</summary>
    public bool Open(byte[] body, int offset, int length, byte[] output, int outOffset) =>
        length >= TagSize && receiveKey.Open(Number(ref received), body, offset, length, output, outOffset);

    /// <summary>Forgets both keys.</summary>
    public void Dispose()
    {
        sendKey.Wipe();
        receiveKey.Wipe();
    }

    // The last number is never used; nobody lives to see it.
    static long Number(ref ulong counter) => counter == ulong.MaxValue
        ? throw new InvalidOperationException("the record counter has run out")
        : (long)BinaryPrimitives.ReverseEndianness(counter++);

    /// <summary>Continues at a given record, for vectors that begin there.</summary>
    internal void SkipTo(ulong number) => (sent, received) = (number, number);
}
