using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// ChaCha20 (RFC 8439, section 2.3) with a register for each of the sixteen words and a block in each of its four lanes: for NEON, and
/// for x86-64 without AVX2.
/// </summary>
internal readonly unsafe partial struct Columns128 : IChaChaPass
{
    /// <inheritdoc/>
    public static int Blocks => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(uint* key, uint block, ulong nonce, byte* stream, nint wanted, PolyState* poly, byte* text, nint count) =>
        Four(key, block, nonce, stream, poly, text, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(PolyState* poly, ulong* oneTimeKey, byte* text, nint left, nint length, byte* tag) =>
        ScalarPoly.Finish(poly, oneTimeKey, text, left, length, tag);

    /// <summary>Four blocks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Four(uint* key, uint block, ulong nonce, byte* stream, PolyState* poly, byte* text, nint count)
    {
        ulong h0 = poly->H0, h1 = poly->H1, h2 = poly->H2, fold = poly->Fold, r0 = poly->R0, r1 = poly->R1, s1 = poly->S1;
        nint left = count;
        Vector128<uint> x0 = Vector128.Create(0x61707865u);
        Vector128<uint> x1 = Vector128.Create(0x3320646eu);
        Vector128<uint> x2 = Vector128.Create(0x79622d32u);
        Vector128<uint> x3 = Vector128.Create(0x6b206574u);
        Vector128<uint> x4 = Vector128.Create(key[0]);
        Vector128<uint> x5 = Vector128.Create(key[1]);
        Vector128<uint> x6 = Vector128.Create(key[2]);
        Vector128<uint> x7 = Vector128.Create(key[3]);
        Vector128<uint> x8 = Vector128.Create(key[4]);
        Vector128<uint> x9 = Vector128.Create(key[5]);
        Vector128<uint> x10 = Vector128.Create(key[6]);
        Vector128<uint> x11 = Vector128.Create(key[7]);
        Vector128<uint> x12 = Vector128.Create(block) + Vector128<uint>.Indices;
        Vector128<uint> x13 = Vector128<uint>.Zero;
        Vector128<uint> x14 = Vector128.Create((uint)nonce);
        Vector128<uint> x15 = Vector128.Create((uint)(nonce >> 32));
        for (int i = 0; i < 10; i++)
        {
            // Columns.
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            x12 = By16(x12 ^ x0);
            x13 = By16(x13 ^ x1);
            x14 = By16(x14 ^ x2);
            x15 = By16(x15 ^ x3);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            x4 = By12(x4 ^ x8);
            x5 = By12(x5 ^ x9);
            x6 = By12(x6 ^ x10);
            x7 = By12(x7 ^ x11);
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            x12 = By8(x12 ^ x0);
            x13 = By8(x13 ^ x1);
            x14 = By8(x14 ^ x2);
            x15 = By8(x15 ^ x3);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            x4 = By7(x4 ^ x8);
            x5 = By7(x5 ^ x9);
            x6 = By7(x6 ^ x10);
            x7 = By7(x7 ^ x11);

            // Diagonals.
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            x15 = By16(x15 ^ x0);
            x12 = By16(x12 ^ x1);
            x13 = By16(x13 ^ x2);
            x14 = By16(x14 ^ x3);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            x5 = By12(x5 ^ x10);
            x6 = By12(x6 ^ x11);
            x7 = By12(x7 ^ x8);
            x4 = By12(x4 ^ x9);
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            x15 = By8(x15 ^ x0);
            x12 = By8(x12 ^ x1);
            x13 = By8(x13 ^ x2);
            x14 = By8(x14 ^ x3);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            x5 = By7(x5 ^ x10);
            x6 = By7(x6 ^ x11);
            x7 = By7(x7 ^ x8);
            x4 = By7(x4 ^ x9);

            for (nint due = left < 2 ? left : 2; due > 0; due--, left--, text += 16)
            {
                ScalarPoly.Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, ((ulong*)text)[0], ((ulong*)text)[1]);
            }
        }

        Store(
            x0 + Vector128.Create(0x61707865u),
            x1 + Vector128.Create(0x3320646eu),
            x2 + Vector128.Create(0x79622d32u),
            x3 + Vector128.Create(0x6b206574u),
            stream);
        Store(
            x4 + Vector128.Create(key[0]),
            x5 + Vector128.Create(key[1]),
            x6 + Vector128.Create(key[2]),
            x7 + Vector128.Create(key[3]),
            stream + 16);
        Store(
            x8 + Vector128.Create(key[4]),
            x9 + Vector128.Create(key[5]),
            x10 + Vector128.Create(key[6]),
            x11 + Vector128.Create(key[7]),
            stream + 32);
        Store(
            x12 + (Vector128.Create(block) + Vector128<uint>.Indices),
            x13,
            x14 + Vector128.Create((uint)nonce),
            x15 + Vector128.Create((uint)(nonce >> 32)),
            stream + 48);
        for (; left > 0; left--, text += 16)
        {
            ScalarPoly.Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, ((ulong*)text)[0], ((ulong*)text)[1]);
        }

        poly->H0 = h0;
        poly->H1 = h1;
        poly->H2 = h2;
        poly->Fold = fold;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> By16(Vector128<uint> x) => AdvSimd.IsSupported
        ? AdvSimd.ReverseElement16(x.AsInt32()).AsUInt32()
        : Ssse3.Shuffle(x.AsByte(), Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> By8(Vector128<uint> x)
    {
        Vector128<byte> places = Vector128.Create((byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
        return AdvSimd.Arm64.IsSupported
            ? AdvSimd.Arm64.VectorTableLookup(x.AsByte(), places).AsUInt32()
            : Ssse3.Shuffle(x.AsByte(), places).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> By12(Vector128<uint> x) => AdvSimd.IsSupported ? AdvSimd.ShiftRightAndInsert(x << 12, x, 20) : (x << 12) | (x >>> 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> By7(Vector128<uint> x) => AdvSimd.IsSupported ? AdvSimd.ShiftRightAndInsert(x << 7, x, 25) : (x << 7) | (x >>> 25);

    /// <summary>Four words of four blocks each: transposed, so that each block has its words side by side, and stored a block apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d, byte* stream)
    {
        Vector128<ulong> abLow = Low(a, b).AsUInt64(), abHigh = High(a, b).AsUInt64();
        Vector128<ulong> cdLow = Low(c, d).AsUInt64(), cdHigh = High(c, d).AsUInt64();
        Low(abLow, cdLow).AsByte().StoreAligned(stream);
        High(abLow, cdLow).AsByte().StoreAligned(stream + 64);
        Low(abHigh, cdHigh).AsByte().StoreAligned(stream + 128);
        High(abHigh, cdHigh).AsByte().StoreAligned(stream + 192);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> Low(Vector128<uint> x, Vector128<uint> y) => AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y) : Sse2.UnpackLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> High(Vector128<uint> x, Vector128<uint> y) => AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y) : Sse2.UnpackHigh(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ulong> Low(Vector128<ulong> x, Vector128<ulong> y) => AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y) : Sse2.UnpackLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ulong> High(Vector128<ulong> x, Vector128<ulong> y) => AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y) : Sse2.UnpackHigh(x, y);
}
