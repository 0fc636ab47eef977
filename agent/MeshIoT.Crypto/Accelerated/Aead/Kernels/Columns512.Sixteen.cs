using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <content>One set of sixteen blocks, and what both forms need at their end.</content>
internal static unsafe partial class Columns512
{
    /// <summary>Writes blocks 0 to 15: 1024 bytes.</summary>
    /// <param name="key">Eight words.</param>
    /// <param name="nonce">The low and high half of the packet's counter: words 14 and 15.</param>
    /// <param name="stream">1024 bytes at a multiple of 64.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Sixteen(uint* key, ulong nonce, byte* stream)
    {
        Vector512<uint> numbers = Vector512<uint>.Indices;
        Vector512<uint> x0 = Vector512.Create(0x61707865u);
        Vector512<uint> x1 = Vector512.Create(0x3320646eu);
        Vector512<uint> x2 = Vector512.Create(0x79622d32u);
        Vector512<uint> x3 = Vector512.Create(0x6b206574u);
        Vector512<uint> x4 = Vector512.Create(key[0]);
        Vector512<uint> x5 = Vector512.Create(key[1]);
        Vector512<uint> x6 = Vector512.Create(key[2]);
        Vector512<uint> x7 = Vector512.Create(key[3]);
        Vector512<uint> x8 = Vector512.Create(key[4]);
        Vector512<uint> x9 = Vector512.Create(key[5]);
        Vector512<uint> x10 = Vector512.Create(key[6]);
        Vector512<uint> x11 = Vector512.Create(key[7]);
        Vector512<uint> x12 = numbers;
        Vector512<uint> x13 = Vector512<uint>.Zero;
        Vector512<uint> x14 = Vector512.Create((uint)nonce);
        Vector512<uint> x15 = Vector512.Create((uint)(nonce >> 32));
        for (int i = 0; i < 10; i++)
        {
            // Columns.
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            x12 = Avx512F.RotateLeft(x12 ^ x0, 16);
            x13 = Avx512F.RotateLeft(x13 ^ x1, 16);
            x14 = Avx512F.RotateLeft(x14 ^ x2, 16);
            x15 = Avx512F.RotateLeft(x15 ^ x3, 16);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            x4 = Avx512F.RotateLeft(x4 ^ x8, 12);
            x5 = Avx512F.RotateLeft(x5 ^ x9, 12);
            x6 = Avx512F.RotateLeft(x6 ^ x10, 12);
            x7 = Avx512F.RotateLeft(x7 ^ x11, 12);
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            x12 = Avx512F.RotateLeft(x12 ^ x0, 8);
            x13 = Avx512F.RotateLeft(x13 ^ x1, 8);
            x14 = Avx512F.RotateLeft(x14 ^ x2, 8);
            x15 = Avx512F.RotateLeft(x15 ^ x3, 8);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            x4 = Avx512F.RotateLeft(x4 ^ x8, 7);
            x5 = Avx512F.RotateLeft(x5 ^ x9, 7);
            x6 = Avx512F.RotateLeft(x6 ^ x10, 7);
            x7 = Avx512F.RotateLeft(x7 ^ x11, 7);

            // Diagonals.
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            x15 = Avx512F.RotateLeft(x15 ^ x0, 16);
            x12 = Avx512F.RotateLeft(x12 ^ x1, 16);
            x13 = Avx512F.RotateLeft(x13 ^ x2, 16);
            x14 = Avx512F.RotateLeft(x14 ^ x3, 16);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            x5 = Avx512F.RotateLeft(x5 ^ x10, 12);
            x6 = Avx512F.RotateLeft(x6 ^ x11, 12);
            x7 = Avx512F.RotateLeft(x7 ^ x8, 12);
            x4 = Avx512F.RotateLeft(x4 ^ x9, 12);
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            x15 = Avx512F.RotateLeft(x15 ^ x0, 8);
            x12 = Avx512F.RotateLeft(x12 ^ x1, 8);
            x13 = Avx512F.RotateLeft(x13 ^ x2, 8);
            x14 = Avx512F.RotateLeft(x14 ^ x3, 8);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            x5 = Avx512F.RotateLeft(x5 ^ x10, 7);
            x6 = Avx512F.RotateLeft(x6 ^ x11, 7);
            x7 = Avx512F.RotateLeft(x7 ^ x8, 7);
            x4 = Avx512F.RotateLeft(x4 ^ x9, 7);
        }

        AddConstants(ref x0, ref x1, ref x2, ref x3);
        Lanes512.TransposeWords(ref x0, ref x1, ref x2, ref x3);
        AddKey(ref x4, ref x5, ref x6, ref x7, key);
        Lanes512.TransposeWords(ref x4, ref x5, ref x6, ref x7);
        AddKey(ref x8, ref x9, ref x10, ref x11, key + 4);
        Lanes512.TransposeWords(ref x8, ref x9, ref x10, ref x11);
        AddNonce(ref x12, ref x13, ref x14, ref x15, numbers, nonce);
        Lanes512.TransposeWords(ref x12, ref x13, ref x14, ref x15);
        StoreBlocks(x0, x4, x8, x12, stream);
        StoreBlocks(x1, x5, x9, x13, stream + 64);
        StoreBlocks(x2, x6, x10, x14, stream + 128);
        StoreBlocks(x3, x7, x11, x15, stream + 192);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddConstants(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d)
    {
        a += Vector512.Create(0x61707865u);
        b += Vector512.Create(0x3320646eu);
        c += Vector512.Create(0x79622d32u);
        d += Vector512.Create(0x6b206574u);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddKey(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d, uint* key)
    {
        a += Vector512.Create(key[0]);
        b += Vector512.Create(key[1]);
        c += Vector512.Create(key[2]);
        d += Vector512.Create(key[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddNonce(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d, Vector512<uint> numbers, ulong nonce)
    {
        a += numbers;
        c += Vector512.Create((uint)nonce);
        d += Vector512.Create((uint)(nonce >> 32));
    }

    /// <summary>Four registers that hold words 0–3, 4–7, 8–11 and 12–15 of four blocks, which are four apart, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreBlocks(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, byte* stream)
    {
        Lanes512.Transpose(ref a, ref b, ref c, ref d);
        a.AsByte().StoreAligned(stream);
        b.AsByte().StoreAligned(stream + 256);
        c.AsByte().StoreAligned(stream + 512);
        d.AsByte().StoreAligned(stream + 768);
    }
}
