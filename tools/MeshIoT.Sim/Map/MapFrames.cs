using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO;
using ZstdSharp;

namespace MeshIoT.Sim;

/// <summary>Puts the frames of a map stream together and unpacks them; holds no memory between two of them. control-plane.md section 5.2.</summary>
internal sealed class MapFrames(bool zstd, MapFrames.Whole whole)
{
    const int HeaderSize = 4, MaxFrame = 64 * 1024 * 1024;

    static readonly ConcurrentBag<Decompressor> Idle = [];

    /// <summary>One frame's JSON, valid during the call.</summary>
    internal delegate void Whole(ReadOnlySpan<byte> json);

    byte[]? body;
    int headerFilled, filled;
    uint length;

    /// <exception cref="InvalidDataException">It is no map frame.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (headerFilled < HeaderSize)
            {
                length = (length >> 8) | ((uint)bytes[0] << 24);   // little-endian
                bytes = bytes[1..];
                if (++headerFilled == HeaderSize && length is 0 or > MaxFrame)
                {
                    throw new InvalidDataException($"a map frame of {length} bytes");
                }

                continue;
            }

            // Whole in what has come: no copy.
            if (filled == 0 && bytes.Length >= length)
            {
                ReadOnlySpan<byte> frame = bytes[..(int)length];
                bytes = bytes[(int)length..];
                headerFilled = 0;
                Unpack(frame);
                continue;
            }

            body ??= ArrayPool<byte>.Shared.Rent((int)length);
            int count = (int)Math.Min(length - filled, bytes.Length);
            bytes[..count].CopyTo(body.AsSpan(filled));
            filled += count;
            bytes = bytes[count..];
            if (filled == length)
            {
                byte[] full = body;
                (body, headerFilled, filled) = (null, 0, 0);
                Unpack(full.AsSpan(0, (int)length));
                ArrayPool<byte>.Shared.Return(full);
            }
        }
    }

    void Unpack(ReadOnlySpan<byte> frame)
    {
        if (!zstd)
        {
            whole(frame);
            return;
        }

        ulong size = Decompressor.GetDecompressedSize(frame);
        if (size > MaxFrame)
        {
            throw new InvalidDataException($"a map frame of {size} bytes unpacked");
        }

        byte[] json = ArrayPool<byte>.Shared.Rent((int)size);
        Decompressor decompressor = Idle.TryTake(out Decompressor? idle) ? idle : new Decompressor();
        try
        {
            whole(json.AsSpan(0, decompressor.Unwrap(frame, json)));
        }
        finally
        {
            Idle.Add(decompressor);
            ArrayPool<byte>.Shared.Return(json);
        }
    }
}
