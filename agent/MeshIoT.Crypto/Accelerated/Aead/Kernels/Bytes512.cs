using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>Whole and partial runs of 64 bytes. What lies outside a text is neither read nor written: masked lanes do not touch memory.</summary>
internal static unsafe class Bytes512
{
    /// <summary>output = input ^ stream, 64 bytes at a time; the stream is zero afterwards as far as it was used. In place or apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Combine(byte* stream, byte* input, byte* output, nint length)
    {
        nint at = 0;
        for (; at <= length - 64; at += 64)
        {
            Vector512<byte> text = Vector512.Load(input + at) ^ Vector512.LoadAligned(stream + at);
            Vector512<byte>.Zero.StoreAligned(stream + at);
            text.Store(output + at);
        }

        if (at < length)
        {
            Vector512<byte> inside = Inside(0, length - at);
            Vector512<byte> text = Avx512BW.MaskLoad(input + at, inside, Vector512<byte>.Zero) ^ Vector512.LoadAligned(stream + at);
            Vector512<byte>.Zero.StoreAligned(stream + at);
            Avx512BW.MaskStore(output + at, inside, text);
        }
    }

    /// <summary>The 64 bytes at <paramref name="at"/>, relative to a text; zeros where it does not reach, before or behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Within(byte* text, nint at, nint length) =>
        Avx512BW.MaskLoad(text + at, Inside(-at, length - at), Vector512<byte>.Zero).AsUInt64();

    /// <summary>All ones in the bytes from <paramref name="from"/> up to, not including, <paramref name="to"/>; both may lie outside 0 to 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Inside(nint from, nint to)
    {
        byte first = (byte)(from < 0 ? 0 : from), end = (byte)(to > 64 ? 64 : to < 0 ? 0 : to);
        Vector512<byte> place = Vector512<byte>.Indices;
        return Vector512.GreaterThanOrEqual(place, Vector512.Create(first)) & Vector512.LessThan(place, Vector512.Create(end));
    }
}
