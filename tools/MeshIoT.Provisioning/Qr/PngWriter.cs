using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace MeshIoT.Provisioning;

/// <summary>Writes a square black and white picture as PNG (RFC 2083): one bit a pixel, no filter.</summary>
internal static class PngWriter
{
    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static byte[] Write(int side, Func<int, int, bool> isBlack)
    {
        using MemoryStream png = new();
        png.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], side);
        header[8] = 1; // one bit a pixel, greyscale
        WriteChunk(png, "IHDR"u8, header);

        byte[] rows = new byte[side * (1 + ((side + 7) / 8))];
        int at = 0;
        for (int y = 0; y < side; y++)
        {
            at++; // filter byte: none
            for (int x = 0; x < side; x++)
            {
                rows[at + (x >> 3)] |= (byte)(isBlack(x, y) ? 0 : 0x80 >> (x & 7));
            }

            at += (side + 7) / 8;
        }

        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        WriteChunk(png, "IDAT"u8, packed.ToArray());
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    static void WriteChunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        png.Write(number);
        png.Write(type);
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), body));
        png.Write(number);
    }

    // CRC-32 of RFC 2083 section 15.
    static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++)
            {
                crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return crc;
    }
}
