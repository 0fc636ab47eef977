using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using ZstdSharp;

namespace MeshIoT.Coordinator;

/// <summary>
/// Puts JSON into the form of a map stream: a little-endian 32-bit length, then one zstd frame or the bare JSON, as the client asked.
/// Compressors are few and shared: one a stream would cost each node more memory than its netmap. control-plane.md section 5.2.
/// </summary>
internal static class FrameCodec
{
    const int Level = 1, Prefix = 4;

    static readonly ConcurrentBag<Compressor> Idle = [];

    /// <summary>Length and content of one frame.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> json, bool zstd)
    {
        if (!zstd)
        {
            return Framed(json);
        }

        byte[] packed = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(json.Length));
        Compressor compressor = Idle.TryTake(out Compressor? idle) ? idle : new Compressor(Level);
        try
        {
            return Framed(packed.AsSpan(0, compressor.Wrap(json, packed)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
            if (Idle.Count < Environment.ProcessorCount)
            {
                Idle.Add(compressor);
            }
            else
            {
                compressor.Dispose();
            }
        }
    }

    static byte[] Framed(ReadOnlySpan<byte> payload)
    {
        byte[] frame = GC.AllocateUninitializedArray<byte>(Prefix + payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        payload.CopyTo(frame.AsSpan(Prefix));
        return frame;
    }
}
