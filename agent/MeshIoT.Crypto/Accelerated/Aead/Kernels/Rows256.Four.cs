using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <content>Four blocks, for what is left of a text.</content>
internal readonly unsafe partial struct Rows256
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Four(uint* key, uint block, ulong nonce, byte* stream, PolyState* poly, byte* text, nint count)
    {
        ulong h0 = poly->H0, h1 = poly->H1, h2 = poly->H2, fold = poly->Fold, r0 = poly->R0, r1 = poly->R1, s1 = poly->S1;
        nint left = count;
        Vector256<uint> row0 = Constants, row1 = Avx2.BroadcastVector128ToVector256(key), row2 = Avx2.BroadcastVector128ToVector256(key + 4);
        Vector256<uint> row3 = Numbers(block, nonce);
        Vector256<uint> a0 = row0, b0 = row1, c0 = row2, d0 = row3;
        Vector256<uint> a1 = row0, b1 = row1, c1 = row2, d1 = row3 + Vector256.Create(2u, 0, 0, 0, 2, 0, 0, 0);
        for (int i = 0; i < 10; i++)
        {
            // Columns.
            a0 += b0;
            a1 += b1;
            d0 = By16(d0 ^ a0);
            d1 = By16(d1 ^ a1);
            c0 += d0;
            c1 += d1;
            b0 = By12(b0 ^ c0);
            b1 = By12(b1 ^ c1);
            a0 += b0;
            a1 += b1;
            d0 = By8(d0 ^ a0);
            d1 = By8(d1 ^ a1);
            c0 += d0;
            c1 += d1;
            b0 = By7(b0 ^ c0);
            b1 = By7(b1 ^ c1);
            b0 = Avx2.Shuffle(b0, 0x39);
            c0 = Avx2.Shuffle(c0, 0x4E);
            d0 = Avx2.Shuffle(d0, 0x93);
            b1 = Avx2.Shuffle(b1, 0x39);
            c1 = Avx2.Shuffle(c1, 0x4E);
            d1 = Avx2.Shuffle(d1, 0x93);

            // Diagonals.
            a0 += b0;
            a1 += b1;
            d0 = By16(d0 ^ a0);
            d1 = By16(d1 ^ a1);
            c0 += d0;
            c1 += d1;
            b0 = By12(b0 ^ c0);
            b1 = By12(b1 ^ c1);
            a0 += b0;
            a1 += b1;
            d0 = By8(d0 ^ a0);
            d1 = By8(d1 ^ a1);
            c0 += d0;
            c1 += d1;
            b0 = By7(b0 ^ c0);
            b1 = By7(b1 ^ c1);
            b0 = Avx2.Shuffle(b0, 0x93);
            c0 = Avx2.Shuffle(c0, 0x4E);
            d0 = Avx2.Shuffle(d0, 0x39);
            b1 = Avx2.Shuffle(b1, 0x93);
            c1 = Avx2.Shuffle(c1, 0x4E);
            d1 = Avx2.Shuffle(d1, 0x39);

            for (nint due = left < 3 ? left : 3; due > 0; due--, left--, text += 16)
            {
                ScalarPoly.Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, ((ulong*)text)[0], ((ulong*)text)[1]);
            }
        }

        Store(a0 + row0, b0 + row1, c0 + row2, d0 + row3, stream);
        Store(a1 + row0, b1 + row1, c1 + row2, d1 + (row3 + Vector256.Create(2u, 0, 0, 0, 2, 0, 0, 0)), stream + 128);
        for (; left > 0; left--, text += 16)
        {
            ScalarPoly.Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, ((ulong*)text)[0], ((ulong*)text)[1]);
        }

        poly->H0 = h0;
        poly->H1 = h1;
        poly->H2 = h2;
        poly->Fold = fold;
    }
}
