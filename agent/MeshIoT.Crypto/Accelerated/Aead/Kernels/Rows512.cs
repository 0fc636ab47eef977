using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// ChaCha20 (RFC 8439, section 2.3) with a block in each 128-bit lane, one register for each row of four words: little work for few
/// blocks. Two sets of four blocks run together, for one alone would wait for its own results.
/// </summary>
internal static unsafe class Rows512
{
    /// <summary>"expand 32-byte k", the first row of every block.</summary>
    public static Vector512<uint> Constants
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(Vector256.Create(Vector128.Create(0x61707865u, 0x3320646e, 0x79622d32, 0x6b206574)));
    }

    /// <summary>The last rows of four blocks from the given one on: number, zero, nonce.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Numbers(uint block, ulong nonce)
    {
        Vector512<ulong> last = Vector512.Create(nonce) & Vector512.Create(0, ulong.MaxValue, 0, ulong.MaxValue, 0, ulong.MaxValue, 0, ulong.MaxValue);
        return (last | Vector512.Create(0UL, 0, 1, 0, 2, 0, 3, 0)).AsUInt32() + Vector512.Create((ulong)block, 0, block, 0, block, 0, block, 0).AsUInt32();
    }

    /// <summary>Writes blocks 0 to 7: 512 bytes.</summary>
    /// <param name="key">Eight words.</param>
    /// <param name="nonce">The low and high half of the packet's counter: words 14 and 15.</param>
    /// <param name="stream">512 bytes at a multiple of 64.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Eight(uint* key, ulong nonce, byte* stream)
    {
        Vector512<uint> row0 = Constants;
        Vector512<uint> row1 = Avx512F.BroadcastVector128ToVector512(key);
        Vector512<uint> row2 = Avx512F.BroadcastVector128ToVector512(key + 4);
        Vector512<uint> row3 = Numbers(0, nonce), next3 = Numbers(4, nonce);
        Vector512<uint> a0 = row0, b0 = row1, c0 = row2, d0 = row3;
        Vector512<uint> a1 = row0, b1 = row1, c1 = row2, d1 = next3;
        for (int i = 0; i < 10; i++)
        {
            QuarterRounds(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
            b0 = Avx512F.Shuffle(b0, 0x39);
            b1 = Avx512F.Shuffle(b1, 0x39);
            c0 = Avx512F.Shuffle(c0, 0x4E);
            c1 = Avx512F.Shuffle(c1, 0x4E);
            d0 = Avx512F.Shuffle(d0, 0x93);
            d1 = Avx512F.Shuffle(d1, 0x93);
            QuarterRounds(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
            b0 = Avx512F.Shuffle(b0, 0x93);
            b1 = Avx512F.Shuffle(b1, 0x93);
            c0 = Avx512F.Shuffle(c0, 0x4E);
            c1 = Avx512F.Shuffle(c1, 0x4E);
            d0 = Avx512F.Shuffle(d0, 0x39);
            d1 = Avx512F.Shuffle(d1, 0x39);
        }

        Store(a0 + row0, b0 + row1, c0 + row2, d0 + row3, stream);
        Store(a1 + row0, b1 + row1, c1 + row2, d1 + next3, stream + 256);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void QuarterRounds(
        ref Vector512<uint> a0, ref Vector512<uint> b0, ref Vector512<uint> c0, ref Vector512<uint> d0,
        ref Vector512<uint> a1, ref Vector512<uint> b1, ref Vector512<uint> c1, ref Vector512<uint> d1)
    {
        a0 += b0;
        a1 += b1;
        d0 = Avx512F.RotateLeft(d0 ^ a0, 16);
        d1 = Avx512F.RotateLeft(d1 ^ a1, 16);
        c0 += d0;
        c1 += d1;
        b0 = Avx512F.RotateLeft(b0 ^ c0, 12);
        b1 = Avx512F.RotateLeft(b1 ^ c1, 12);
        a0 += b0;
        a1 += b1;
        d0 = Avx512F.RotateLeft(d0 ^ a0, 8);
        d1 = Avx512F.RotateLeft(d1 ^ a1, 8);
        c0 += d0;
        c1 += d1;
        b0 = Avx512F.RotateLeft(b0 ^ c0, 7);
        b1 = Avx512F.RotateLeft(b1 ^ c1, 7);
    }

    /// <summary>Gathers each block's four rows and stores the four blocks one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, byte* stream)
    {
        Lanes512.Transpose(ref a, ref b, ref c, ref d);
        a.AsByte().StoreAligned(stream);
        b.AsByte().StoreAligned(stream + 64);
        c.AsByte().StoreAligned(stream + 128);
        d.AsByte().StoreAligned(stream + 192);
    }
}
