using System;

namespace MeshIoT.Crypto;

/// <summary>
/// BLAKE2s, RFC 7693: digests of 1 to 32 bytes, plain or keyed (a MAC), in one pass or in pieces. After <see cref="Finish"/> the object
/// is ready for the next message under the same key.
/// </summary>
public sealed partial class Blake2s
{
    /// <summary>Longest digest, in bytes.</summary>
    public const int MaxDigestSize = 32;

    /// <summary>Longest key, in bytes.</summary>
    public const int MaxKeySize = 32;

    /// <summary>Bytes per compression.</summary>
    public const int BlockSize = 64;

    const uint Iv0 = 0x6A09E667, Iv1 = 0xBB67AE85, Iv2 = 0x3C6EF372, Iv3 = 0xA54FF53A;
    const uint Iv4 = 0x510E527F, Iv5 = 0x9B05688C, Iv6 = 0x1F83D9AB, Iv7 = 0x5BE0CD19;

    readonly int digestLength;
    readonly byte[]? key;
    readonly uint[] h = new uint[8];
    readonly byte[] pending = new byte[BlockSize];
    int pendingLength;
    ulong counted;

    /// <summary>A hash of <paramref name="digestLength"/> bytes, keyed when <paramref name="key"/> (at most 32 bytes, copied) is neither null nor empty.</summary>
    public Blake2s(int digestLength, byte[]? key)
    {
        if (digestLength < 1 || digestLength > MaxDigestSize)
        {
            throw new ArgumentException("a BLAKE2s digest has 1 to 32 bytes");
        }

        this.digestLength = digestLength;
        if (key != null && key.Length != 0)
        {
            if (key.Length > MaxKeySize)
            {
                throw new ArgumentException("a BLAKE2s key has at most 32 bytes");
            }

            this.key = new byte[key.Length];
            Array.Copy(key, 0, this.key, 0, key.Length);
        }

        Reset();
    }

    /// <summary>Forgets the message so far and begins a new one under the same key.</summary>
    public void Reset()
    {
        int keyLength = key == null ? 0 : key.Length;
        h[0] = Iv0 ^ 0x01010000u ^ ((uint)keyLength << 8) ^ (uint)digestLength;
        h[1] = Iv1;
        h[2] = Iv2;
        h[3] = Iv3;
        h[4] = Iv4;
        h[5] = Iv5;
        h[6] = Iv6;
        h[7] = Iv7;
        counted = 0;
        pendingLength = 0;
        Array.Clear(pending, 0, BlockSize);
        if (key != null)
        {
            Array.Copy(key, 0, pending, 0, keyLength);
            pendingLength = BlockSize;
        }
    }

    /// <summary>Adds a piece of the message.</summary>
    public void Update(byte[] d, int off, int len)
    {
        Bounds.Check(d, off, len);
        if (len == 0)
        {
            return;
        }

        // The last block is compressed in Finish, so a full pending block waits until more arrives.
        int room = BlockSize - pendingLength;
        if (len > room)
        {
            Array.Copy(d, off, pending, pendingLength, room);
            counted += BlockSize;
            Compress(pending, 0, 0);
            pendingLength = 0;
            off += room;
            len -= room;
            while (len > BlockSize)
            {
                counted += BlockSize;
                Compress(d, off, 0);
                off += BlockSize;
                len -= BlockSize;
            }
        }

        Array.Copy(d, off, pending, pendingLength, len);
        pendingLength += len;
    }

    /// <summary>Writes the digest and begins a new message under the same key.</summary>
    public void Finish(byte[] output, int off)
    {
        Bounds.Check(output, off, digestLength);
        Array.Clear(pending, pendingLength, BlockSize - pendingLength);
        counted += (uint)pendingLength;
        Compress(pending, 0, 0xFFFFFFFF);
        for (int i = 0; i < digestLength; i++)
        {
            output[off + i] = (byte)(h[i >> 2] >> (8 * (i & 3)));
        }

        Reset();
    }

    /// <summary>Forgets key and message: what a keyed hash leaves behind otherwise lives until the memory is reused.</summary>
    public void Wipe()
    {
        if (key != null)
        {
            Array.Clear(key, 0, key.Length);
        }

        Reset();
    }

    /// <summary>The 32-byte unkeyed digest of one piece.</summary>
    public static void Hash(byte[] d, int off, int len, byte[] out32, int outOff)
    {
        Blake2s hash = new Blake2s(MaxDigestSize, null);
        hash.Update(d, off, len);
        hash.Finish(out32, outOff);
    }
}
