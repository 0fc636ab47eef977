using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using ZstdSharp;

namespace MeshIoT.Coordinator;

/// <summary>
/// Puts JSON on a map stream: a little-endian 32-bit length, then one zstd frame or the bare JSON, as the client asked.
/// Compressors are few and shared: one a stream would cost each node more memory than its netmap.
/// </summary>
internal static class FrameEncoder
{
    const int Level = 1;

    static readonly ConcurrentBag<Compressor> Idle = [];
    static readonly byte[] PlainKeepAlive = [.. "{\"KeepAlive\":true}"u8];
    static readonly byte[] ZstdKeepAlive = CompressKeepAlive();

    public static void WriteKeepAlive(PipeWriter output, bool zstd) => WriteFramed(output, zstd ? ZstdKeepAlive : PlainKeepAlive);

    public static void Write(PipeWriter output, ReadOnlySpan<byte> json, bool zstd)
    {
        if (!zstd)
        {
            WriteFramed(output, json);
            return;
        }

        byte[] packed = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(json.Length));
        try
        {
            WriteFramed(output, packed.AsSpan(0, Compress(json, packed)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    static byte[] CompressKeepAlive()
    {
        byte[] packed = new byte[Compressor.GetCompressBound(PlainKeepAlive.Length)];
        return packed[..Compress(PlainKeepAlive, packed)];
    }

    static int Compress(ReadOnlySpan<byte> json, Span<byte> packed)
    {
        Compressor compressor = Idle.TryTake(out Compressor? idle) ? idle : new Compressor(Level);
        int length = compressor.Wrap(json, packed);
        if (Idle.Count < Environment.ProcessorCount)
        {
            Idle.Add(compressor);
        }
        else
        {
            compressor.Dispose();
        }

        return length;
    }

    static void WriteFramed(PipeWriter output, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), payload.Length);
        output.Advance(4);
        output.Write(payload);
    }
}
