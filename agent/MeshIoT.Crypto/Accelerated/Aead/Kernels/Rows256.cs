using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// ChaCha20 (RFC 8439, section 2.3) with a block in each 128-bit lane, one register for each row of four words: eight blocks fill the
/// sixteen registers of AVX2. A register for each word would leave none for intermediate results.
/// </summary>
internal readonly unsafe partial struct Rows256 : IChaChaPass
{
    /// <inheritdoc/>
    public static int Blocks => 8;

    static Vector256<uint> Constants => Vector256.Create(0x61707865u, 0x3320646e, 0x79622d32, 0x6b206574, 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(uint* key, uint block, ulong nonce, byte* stream, nint wanted, PolyState* poly, byte* text, nint count)
    {
        if (wanted <= 256)
        {
            Four(key, block, nonce, stream, poly, text, count);
        }
        else
        {
            Eight(key, block, nonce, stream, poly, text, count);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(PolyState* poly, ulong* oneTimeKey, byte* text, nint left, nint length, byte* tag) =>
        Poly256.Finish(poly, oneTimeKey, text, left, length, tag);

    /// <summary>Row 3 of two blocks: number and nonce.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Numbers(uint block, ulong nonce)
    {
        uint n0 = (uint)nonce, n1 = (uint)(nonce >> 32);
        return Vector256.Create(block, 0, n0, n1, block + 1, 0, n0, n1);
    }

    // AVX2 has no rotation: whole bytes move by a shuffle, the rest by two shifts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> By16(Vector256<uint> x) => Avx2.Shuffle(
        x.AsByte(),
        Vector256.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> By8(Vector256<uint> x) => Avx2.Shuffle(
        x.AsByte(),
        Vector256.Create((byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> By12(Vector256<uint> x) => (x << 12) | (x >>> 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> By7(Vector256<uint> x) => (x << 7) | (x >>> 25);

    /// <summary>Gathers the rows of two blocks and stores one block after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, byte* stream)
    {
        Avx2.Permute2x128(a, b, 0x20).AsByte().StoreAligned(stream);
        Avx2.Permute2x128(c, d, 0x20).AsByte().StoreAligned(stream + 32);
        Avx2.Permute2x128(a, b, 0x31).AsByte().StoreAligned(stream + 64);
        Avx2.Permute2x128(c, d, 0x31).AsByte().StoreAligned(stream + 96);
    }
}
