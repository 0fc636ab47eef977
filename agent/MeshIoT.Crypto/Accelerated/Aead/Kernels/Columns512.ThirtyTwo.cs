using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// ChaCha20 (RFC 8439, section 2.3) with a register for each of the sixteen words and a block in each of its sixteen lanes. One set
/// of sixteen blocks waits for its own results half the time; two sets, which take all 32 registers, fill that time.
/// </summary>
internal static unsafe partial class Columns512
{
    /// <summary>Writes 32 blocks of key stream: 2048 bytes.</summary>
    /// <param name="key">Eight words.</param>
    /// <param name="block">The number of the first block.</param>
    /// <param name="nonce">The low and high half of the packet's counter: words 14 and 15.</param>
    /// <param name="stream">2048 bytes at a multiple of 64.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void ThirtyTwo(uint* key, uint block, ulong nonce, byte* stream)
    {
        Vector512<uint> numbers = Vector512.Create(block) + Vector512<uint>.Indices;
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
        Vector512<uint> y0 = x0;
        Vector512<uint> y1 = x1;
        Vector512<uint> y2 = x2;
        Vector512<uint> y3 = x3;
        Vector512<uint> y4 = x4;
        Vector512<uint> y5 = x5;
        Vector512<uint> y6 = x6;
        Vector512<uint> y7 = x7;
        Vector512<uint> y8 = x8;
        Vector512<uint> y9 = x9;
        Vector512<uint> y10 = x10;
        Vector512<uint> y11 = x11;
        Vector512<uint> y12 = numbers + Vector512.Create(16u);
        Vector512<uint> y13 = Vector512<uint>.Zero;
        Vector512<uint> y14 = x14;
        Vector512<uint> y15 = x15;
        for (int i = 0; i < 10; i++)
        {
            // Columns.
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            y0 += y4;
            y1 += y5;
            y2 += y6;
            y3 += y7;
            x12 = Avx512F.RotateLeft(x12 ^ x0, 16);
            x13 = Avx512F.RotateLeft(x13 ^ x1, 16);
            x14 = Avx512F.RotateLeft(x14 ^ x2, 16);
            x15 = Avx512F.RotateLeft(x15 ^ x3, 16);
            y12 = Avx512F.RotateLeft(y12 ^ y0, 16);
            y13 = Avx512F.RotateLeft(y13 ^ y1, 16);
            y14 = Avx512F.RotateLeft(y14 ^ y2, 16);
            y15 = Avx512F.RotateLeft(y15 ^ y3, 16);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            y8 += y12;
            y9 += y13;
            y10 += y14;
            y11 += y15;
            x4 = Avx512F.RotateLeft(x4 ^ x8, 12);
            x5 = Avx512F.RotateLeft(x5 ^ x9, 12);
            x6 = Avx512F.RotateLeft(x6 ^ x10, 12);
            x7 = Avx512F.RotateLeft(x7 ^ x11, 12);
            y4 = Avx512F.RotateLeft(y4 ^ y8, 12);
            y5 = Avx512F.RotateLeft(y5 ^ y9, 12);
            y6 = Avx512F.RotateLeft(y6 ^ y10, 12);
            y7 = Avx512F.RotateLeft(y7 ^ y11, 12);
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            y0 += y4;
            y1 += y5;
            y2 += y6;
            y3 += y7;
            x12 = Avx512F.RotateLeft(x12 ^ x0, 8);
            x13 = Avx512F.RotateLeft(x13 ^ x1, 8);
            x14 = Avx512F.RotateLeft(x14 ^ x2, 8);
            x15 = Avx512F.RotateLeft(x15 ^ x3, 8);
            y12 = Avx512F.RotateLeft(y12 ^ y0, 8);
            y13 = Avx512F.RotateLeft(y13 ^ y1, 8);
            y14 = Avx512F.RotateLeft(y14 ^ y2, 8);
            y15 = Avx512F.RotateLeft(y15 ^ y3, 8);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            y8 += y12;
            y9 += y13;
            y10 += y14;
            y11 += y15;
            x4 = Avx512F.RotateLeft(x4 ^ x8, 7);
            x5 = Avx512F.RotateLeft(x5 ^ x9, 7);
            x6 = Avx512F.RotateLeft(x6 ^ x10, 7);
            x7 = Avx512F.RotateLeft(x7 ^ x11, 7);
            y4 = Avx512F.RotateLeft(y4 ^ y8, 7);
            y5 = Avx512F.RotateLeft(y5 ^ y9, 7);
            y6 = Avx512F.RotateLeft(y6 ^ y10, 7);
            y7 = Avx512F.RotateLeft(y7 ^ y11, 7);

            // Diagonals.
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            y0 += y5;
            y1 += y6;
            y2 += y7;
            y3 += y4;
            x15 = Avx512F.RotateLeft(x15 ^ x0, 16);
            x12 = Avx512F.RotateLeft(x12 ^ x1, 16);
            x13 = Avx512F.RotateLeft(x13 ^ x2, 16);
            x14 = Avx512F.RotateLeft(x14 ^ x3, 16);
            y15 = Avx512F.RotateLeft(y15 ^ y0, 16);
            y12 = Avx512F.RotateLeft(y12 ^ y1, 16);
            y13 = Avx512F.RotateLeft(y13 ^ y2, 16);
            y14 = Avx512F.RotateLeft(y14 ^ y3, 16);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            y10 += y15;
            y11 += y12;
            y8 += y13;
            y9 += y14;
            x5 = Avx512F.RotateLeft(x5 ^ x10, 12);
            x6 = Avx512F.RotateLeft(x6 ^ x11, 12);
            x7 = Avx512F.RotateLeft(x7 ^ x8, 12);
            x4 = Avx512F.RotateLeft(x4 ^ x9, 12);
            y5 = Avx512F.RotateLeft(y5 ^ y10, 12);
            y6 = Avx512F.RotateLeft(y6 ^ y11, 12);
            y7 = Avx512F.RotateLeft(y7 ^ y8, 12);
            y4 = Avx512F.RotateLeft(y4 ^ y9, 12);
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            y0 += y5;
            y1 += y6;
            y2 += y7;
            y3 += y4;
            x15 = Avx512F.RotateLeft(x15 ^ x0, 8);
            x12 = Avx512F.RotateLeft(x12 ^ x1, 8);
            x13 = Avx512F.RotateLeft(x13 ^ x2, 8);
            x14 = Avx512F.RotateLeft(x14 ^ x3, 8);
            y15 = Avx512F.RotateLeft(y15 ^ y0, 8);
            y12 = Avx512F.RotateLeft(y12 ^ y1, 8);
            y13 = Avx512F.RotateLeft(y13 ^ y2, 8);
            y14 = Avx512F.RotateLeft(y14 ^ y3, 8);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            y10 += y15;
            y11 += y12;
            y8 += y13;
            y9 += y14;
            x5 = Avx512F.RotateLeft(x5 ^ x10, 7);
            x6 = Avx512F.RotateLeft(x6 ^ x11, 7);
            x7 = Avx512F.RotateLeft(x7 ^ x8, 7);
            x4 = Avx512F.RotateLeft(x4 ^ x9, 7);
            y5 = Avx512F.RotateLeft(y5 ^ y10, 7);
            y6 = Avx512F.RotateLeft(y6 ^ y11, 7);
            y7 = Avx512F.RotateLeft(y7 ^ y8, 7);
            y4 = Avx512F.RotateLeft(y4 ^ y9, 7);
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

        AddConstants(ref y0, ref y1, ref y2, ref y3);
        Lanes512.TransposeWords(ref y0, ref y1, ref y2, ref y3);
        AddKey(ref y4, ref y5, ref y6, ref y7, key);
        Lanes512.TransposeWords(ref y4, ref y5, ref y6, ref y7);
        AddKey(ref y8, ref y9, ref y10, ref y11, key + 4);
        Lanes512.TransposeWords(ref y8, ref y9, ref y10, ref y11);
        AddNonce(ref y12, ref y13, ref y14, ref y15, numbers + Vector512.Create(16u), nonce);
        Lanes512.TransposeWords(ref y12, ref y13, ref y14, ref y15);
        StoreBlocks(y0, y4, y8, y12, stream + 1024);
        StoreBlocks(y1, y5, y9, y13, stream + 1088);
        StoreBlocks(y2, y6, y10, y14, stream + 1152);
        StoreBlocks(y3, y7, y11, y15, stream + 1216);
    }
}
