namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// Makes a run of ChaCha20's key stream and meanwhile absorbs whole blocks of cipher text into Poly1305: the one keeps the vector
/// units busy, the other the multiplier of whole numbers, and a CPU that looks ahead does both in the time of the longer one.
/// </summary>
internal unsafe interface IChaChaPass
{
    /// <summary>Blocks of key stream that a pass makes at most; fewer when fewer are wanted.</summary>
    static abstract int Blocks { get; }

    /// <summary>One pass.</summary>
    /// <param name="key">Eight words.</param>
    /// <param name="block">Number of the first block.</param>
    /// <param name="nonce">The low and high half of the packet's counter: words 14 and 15.</param>
    /// <param name="stream">Room for <see cref="Blocks"/> blocks, at a multiple of 64.</param>
    /// <param name="wanted">Bytes of key stream that are needed, at least.</param>
    /// <param name="poly">Poly1305 so far; not read when <paramref name="count"/> is 0.</param>
    /// <param name="text">Cipher text to absorb.</param>
    /// <param name="count">Its blocks of 16 bytes.</param>
    static abstract void Run(uint* key, uint block, ulong nonce, byte* stream, nint wanted, PolyState* poly, byte* text, nint count);

    /// <summary>What <see cref="ScalarPoly.Finish"/> does, by what is fastest for a text's end.</summary>
    static abstract void Finish(PolyState* poly, ulong* oneTimeKey, byte* text, nint left, nint length, byte* tag);
}
