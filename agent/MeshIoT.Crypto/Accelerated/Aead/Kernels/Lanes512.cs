using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>The two 4×4 transpositions that bring ChaCha20's words, spread over registers, back into the order of the key stream.</summary>
internal static class Lanes512
{
    /// <summary>Four registers of four 128-bit lanes each, transposed by lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d)
    {
        Vector512<uint> abLow = Avx512F.Shuffle4x128(a, b, 0x44), abHigh = Avx512F.Shuffle4x128(a, b, 0xEE);
        Vector512<uint> cdLow = Avx512F.Shuffle4x128(c, d, 0x44), cdHigh = Avx512F.Shuffle4x128(c, d, 0xEE);
        a = Avx512F.Shuffle4x128(abLow, cdLow, 0x88);
        b = Avx512F.Shuffle4x128(abLow, cdLow, 0xDD);
        c = Avx512F.Shuffle4x128(abHigh, cdHigh, 0x88);
        d = Avx512F.Shuffle4x128(abHigh, cdHigh, 0xDD);
    }

    /// <summary>Four registers of words, transposed within each 128-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeWords(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d)
    {
        Vector512<ulong> abLow = Avx512F.UnpackLow(a, b).AsUInt64(), abHigh = Avx512F.UnpackHigh(a, b).AsUInt64();
        Vector512<ulong> cdLow = Avx512F.UnpackLow(c, d).AsUInt64(), cdHigh = Avx512F.UnpackHigh(c, d).AsUInt64();
        a = Avx512F.UnpackLow(abLow, cdLow).AsUInt32();
        b = Avx512F.UnpackHigh(abLow, cdLow).AsUInt32();
        c = Avx512F.UnpackLow(abHigh, cdHigh).AsUInt32();
        d = Avx512F.UnpackHigh(abHigh, cdHigh).AsUInt32();
    }
}
