using System;
using System.Buffers.Binary;
using System.IO;

namespace MeshIoT.Sim;

/// <summary>Cuts a byte stream into HTTP/2 frames. Data is handed on as it comes; everything else whole, and never longer than 16 KiB.</summary>
internal sealed class FrameReader
{
    /// <summary>Length, type, flags, stream. RFC 9113 section 4.1.</summary>
    public const int HeaderSize = 9;

    const int MaxPayload = 16 * 1024;

    /// <summary>A piece of a frame: the whole payload, or part of the data of one.</summary>
    internal delegate void Piece(FrameType type, byte flags, int streamId, ReadOnlySpan<byte> payload, bool isLast);

    readonly byte[] header = new byte[HeaderSize];
    byte[] payload = [];
    int headerFilled, filled, left;
    FrameType type;
    byte flags;
    int streamId;

    /// <exception cref="InvalidDataException">A frame is longer than this client allows.</exception>
    public void Feed(ReadOnlySpan<byte> bytes, Piece piece)
    {
        while (bytes.Length > 0)
        {
            if (headerFilled < HeaderSize)
            {
                int count = Math.Min(HeaderSize - headerFilled, bytes.Length);
                bytes[..count].CopyTo(header.AsSpan(headerFilled));
                headerFilled += count;
                bytes = bytes[count..];
                if (headerFilled < HeaderSize)
                {
                    return;
                }

                ReadHeader();
                if (left == 0)
                {
                    Finish(piece, [], true);
                    continue;
                }
            }

            ReadOnlySpan<byte> part = bytes[..Math.Min(left, bytes.Length)];
            bytes = bytes[part.Length..];
            left -= part.Length;
            if (type == FrameType.Data)
            {
                Finish(piece, part, left == 0);
                continue;
            }

            part.CopyTo(payload.AsSpan(filled));
            filled += part.Length;
            if (left == 0)
            {
                Finish(piece, payload.AsSpan(0, filled), true);
            }
        }
    }

    void ReadHeader()
    {
        left = (header[0] << 16) | (header[1] << 8) | header[2];
        type = (FrameType)header[3];
        flags = header[4];
        streamId = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue;
        filled = 0;
        if (left > MaxPayload)
        {
            throw new InvalidDataException("a frame is longer than 16 KiB");
        }

        if (type != FrameType.Data && payload.Length < left)
        {
            payload = new byte[left];
        }
    }

    void Finish(Piece piece, ReadOnlySpan<byte> part, bool isLast)
    {
        if (isLast)
        {
            headerFilled = 0;
        }

        piece(type, flags, streamId, part, isLast);
    }
}
