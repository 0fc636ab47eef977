using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeshIoT.Crypto.Kernels;

/// <summary>What <see cref="Bytes512"/> does, for narrower registers.</summary>
internal static unsafe class Bytes256
{
    /// <summary>output = input ^ stream; the stream is zero afterwards as far as it was used. In place or apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Combine(byte* stream, byte* input, byte* output, nint length)
    {
        nint at = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; at <= length - 32; at += 32)
            {
                Vector256<byte> text = Vector256.Load(input + at) ^ Vector256.LoadAligned(stream + at);
                Vector256<byte>.Zero.StoreAligned(stream + at);
                text.Store(output + at);
            }
        }

        for (; at <= length - 16; at += 16)
        {
            Vector128<byte> text = Vector128.Load(input + at) ^ Vector128.LoadAligned(stream + at);
            Vector128<byte>.Zero.StoreAligned(stream + at);
            text.Store(output + at);
        }

        if (at <= length - 8)
        {
            *(ulong*)(output + at) = *(ulong*)(input + at) ^ *(ulong*)(stream + at);
            *(ulong*)(stream + at) = 0;
            at += 8;
        }

        for (; at < length; at++)
        {
            output[at] = (byte)(input[at] ^ stream[at]);
            stream[at] = 0;
        }
    }
}
