using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// ChaCha20 (RFC 8439, section 2.3) for packets of a tunnel's usual length: sixteen blocks in columns, a word in each
/// register, and eight more as <see cref="Rows512"/> has them, a row in each. Each fills the time in which the other waits for its own results, and no
/// block is made in vain.
/// </summary>
internal static unsafe partial class Columns512
{
    /// <summary>Writes blocks 0 to 23: 1536 bytes.</summary>
    /// <param name="key">Eight words.</param>
    /// <param name="nonce">The low and high half of the packet's counter: words 14 and 15.</param>
    /// <param name="stream">1536 bytes at a multiple of 64.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void TwentyFour(uint* key, ulong nonce, byte* stream)
    {
        uint n0 = (uint)nonce, n1 = (uint)(nonce >> 32);
        Vector512<uint> x0 = Vector512.Create(0x61707865u), x1 = Vector512.Create(0x3320646eu), x2 = Vector512.Create(0x79622d32u), x3 = Vector512.Create(0x6b206574u);
        Vector512<uint> x4 = Vector512.Create(key[0]), x5 = Vector512.Create(key[1]), x6 = Vector512.Create(key[2]), x7 = Vector512.Create(key[3]);
        Vector512<uint> x8 = Vector512.Create(key[4]), x9 = Vector512.Create(key[5]), x10 = Vector512.Create(key[6]), x11 = Vector512.Create(key[7]);
        Vector512<uint> x12 = Vector512<uint>.Indices, x13 = Vector512<uint>.Zero, x14 = Vector512.Create(n0), x15 = Vector512.Create(n1);
        Vector512<uint> a0 = Rows512.Constants, b0 = Avx512F.BroadcastVector128ToVector512(key), c0 = Avx512F.BroadcastVector128ToVector512(key + 4);
        Vector512<uint> d0 = Rows512.Numbers(16, nonce), d1 = Rows512.Numbers(20, nonce);
        Vector512<uint> a1 = a0, b1 = b0, c1 = c0;
        for (int i = 0; i < 10; i++)
        {
            // Columns.
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            a0 += b0;
            a1 += b1;
            x12 = Avx512F.RotateLeft(x12 ^ x0, 16);
            x13 = Avx512F.RotateLeft(x13 ^ x1, 16);
            x14 = Avx512F.RotateLeft(x14 ^ x2, 16);
            x15 = Avx512F.RotateLeft(x15 ^ x3, 16);
            d0 = Avx512F.RotateLeft(d0 ^ a0, 16);
            d1 = Avx512F.RotateLeft(d1 ^ a1, 16);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            c0 += d0;
            c1 += d1;
            x4 = Avx512F.RotateLeft(x4 ^ x8, 12);
            x5 = Avx512F.RotateLeft(x5 ^ x9, 12);
            x6 = Avx512F.RotateLeft(x6 ^ x10, 12);
            x7 = Avx512F.RotateLeft(x7 ^ x11, 12);
            b0 = Avx512F.RotateLeft(b0 ^ c0, 12);
            b1 = Avx512F.RotateLeft(b1 ^ c1, 12);
            x0 += x4;
            x1 += x5;
            x2 += x6;
            x3 += x7;
            a0 += b0;
            a1 += b1;
            x12 = Avx512F.RotateLeft(x12 ^ x0, 8);
            x13 = Avx512F.RotateLeft(x13 ^ x1, 8);
            x14 = Avx512F.RotateLeft(x14 ^ x2, 8);
            x15 = Avx512F.RotateLeft(x15 ^ x3, 8);
            d0 = Avx512F.RotateLeft(d0 ^ a0, 8);
            d1 = Avx512F.RotateLeft(d1 ^ a1, 8);
            x8 += x12;
            x9 += x13;
            x10 += x14;
            x11 += x15;
            c0 += d0;
            c1 += d1;
            x4 = Avx512F.RotateLeft(x4 ^ x8, 7);
            x5 = Avx512F.RotateLeft(x5 ^ x9, 7);
            x6 = Avx512F.RotateLeft(x6 ^ x10, 7);
            x7 = Avx512F.RotateLeft(x7 ^ x11, 7);
            b0 = Avx512F.RotateLeft(b0 ^ c0, 7);
            b1 = Avx512F.RotateLeft(b1 ^ c1, 7);
            b0 = Avx512F.Shuffle(b0, 0x39);
            b1 = Avx512F.Shuffle(b1, 0x39);
            c0 = Avx512F.Shuffle(c0, 0x4E);
            c1 = Avx512F.Shuffle(c1, 0x4E);
            d0 = Avx512F.Shuffle(d0, 0x93);
            d1 = Avx512F.Shuffle(d1, 0x93);

            // Diagonals.
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            a0 += b0;
            a1 += b1;
            x15 = Avx512F.RotateLeft(x15 ^ x0, 16);
            x12 = Avx512F.RotateLeft(x12 ^ x1, 16);
            x13 = Avx512F.RotateLeft(x13 ^ x2, 16);
            x14 = Avx512F.RotateLeft(x14 ^ x3, 16);
            d0 = Avx512F.RotateLeft(d0 ^ a0, 16);
            d1 = Avx512F.RotateLeft(d1 ^ a1, 16);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            c0 += d0;
            c1 += d1;
            x5 = Avx512F.RotateLeft(x5 ^ x10, 12);
            x6 = Avx512F.RotateLeft(x6 ^ x11, 12);
            x7 = Avx512F.RotateLeft(x7 ^ x8, 12);
            x4 = Avx512F.RotateLeft(x4 ^ x9, 12);
            b0 = Avx512F.RotateLeft(b0 ^ c0, 12);
            b1 = Avx512F.RotateLeft(b1 ^ c1, 12);
            x0 += x5;
            x1 += x6;
            x2 += x7;
            x3 += x4;
            a0 += b0;
            a1 += b1;
            x15 = Avx512F.RotateLeft(x15 ^ x0, 8);
            x12 = Avx512F.RotateLeft(x12 ^ x1, 8);
            x13 = Avx512F.RotateLeft(x13 ^ x2, 8);
            x14 = Avx512F.RotateLeft(x14 ^ x3, 8);
            d0 = Avx512F.RotateLeft(d0 ^ a0, 8);
            d1 = Avx512F.RotateLeft(d1 ^ a1, 8);
            x10 += x15;
            x11 += x12;
            x8 += x13;
            x9 += x14;
            c0 += d0;
            c1 += d1;
            x5 = Avx512F.RotateLeft(x5 ^ x10, 7);
            x6 = Avx512F.RotateLeft(x6 ^ x11, 7);
            x7 = Avx512F.RotateLeft(x7 ^ x8, 7);
            x4 = Avx512F.RotateLeft(x4 ^ x9, 7);
            b0 = Avx512F.RotateLeft(b0 ^ c0, 7);
            b1 = Avx512F.RotateLeft(b1 ^ c1, 7);
            b0 = Avx512F.Shuffle(b0, 0x93);
            b1 = Avx512F.Shuffle(b1, 0x93);
            c0 = Avx512F.Shuffle(c0, 0x4E);
            c1 = Avx512F.Shuffle(c1, 0x4E);
            d0 = Avx512F.Shuffle(d0, 0x39);
            d1 = Avx512F.Shuffle(d1, 0x39);
        }

        AddConstants(ref x0, ref x1, ref x2, ref x3);
        Lanes512.TransposeWords(ref x0, ref x1, ref x2, ref x3);
        AddKey(ref x4, ref x5, ref x6, ref x7, key);
        Lanes512.TransposeWords(ref x4, ref x5, ref x6, ref x7);
        AddKey(ref x8, ref x9, ref x10, ref x11, key + 4);
        Lanes512.TransposeWords(ref x8, ref x9, ref x10, ref x11);
        AddNonce(ref x12, ref x13, ref x14, ref x15, Vector512<uint>.Indices, nonce);
        Lanes512.TransposeWords(ref x12, ref x13, ref x14, ref x15);
        StoreBlocks(x0, x4, x8, x12, stream);
        StoreBlocks(x1, x5, x9, x13, stream + 64);
        StoreBlocks(x2, x6, x10, x14, stream + 128);
        StoreBlocks(x3, x7, x11, x15, stream + 192);

        Vector512<uint> row1 = Avx512F.BroadcastVector128ToVector512(key), row2 = Avx512F.BroadcastVector128ToVector512(key + 4);
        Rows512.Store(a0 + Rows512.Constants, b0 + row1, c0 + row2, d0 + Rows512.Numbers(16, nonce), stream + 1024);
        Rows512.Store(a1 + Rows512.Constants, b1 + row1, c1 + row2, d1 + Rows512.Numbers(20, nonce), stream + 1280);
    }
}
