using System;

namespace MeshIoT.Crypto;

/// <summary>
/// crypto_box of NaCl (Bernstein, "Cryptography in NaCl", 2009): X25519, HSalsa20, XSalsa20-Poly1305. Disco and DERP speak it.
/// A sealed box is the 16-byte tag, then the ciphertext. The 24-byte nonce is drawn at random for each box.
/// </summary>
public static class NaClBox
{
    /// <summary>Bytes a box is longer than its text.</summary>
    public const int TagSize = 16;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceSize = 24;

    /// <summary>The key two parties share, once per peer (beforenm, section 8); false, with a zeroed result, when the public key has small order.</summary>
    public static bool Precompute(CryptoSuite suite, byte[] priv, byte[] pub, byte[] shared32)
    {
        Bounds.Check(shared32, 0, 32);
        byte[] secret = new byte[32];
        if (!suite.SharedSecret(priv, pub, secret))
        {
            Array.Clear(shared32, 0, 32);
            return false;
        }

        HSalsa20(secret, new byte[16], 0, shared32);
        Array.Clear(secret, 0, 32);
        return true;
    }

    /// <summary>Writes len + 16 bytes; text and output do not overlap, unless the text lies exactly 16 bytes behind the output's start.</summary>
    public static void Seal(byte[] shared32, byte[] nonce24, int nOff, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        if (len > int.MaxValue - TagSize)
        {
            throw new ArgumentException("the message is too long");
        }

        Bounds.Check(plain, off, len);
        Bounds.Check(output, outOff, len + TagSize);
        uint[] state = Start(shared32, nonce24, nOff);
        uint[] words = new uint[16];
        Poly1305 poly = new Poly1305();
        SalsaPermutation.Permute(state, words, true);
        poly.Start(words);
        Xor(state, words, plain, off, output, outOff + TagSize, len);
        poly.UpdateLast(output, outOff + TagSize, len);
        poly.Finish(output, outOff);
        Array.Clear(state, 0, 16);
        Array.Clear(words, 0, 16);
    }

    /// <summary>Opens <paramref name="len"/> bytes and writes len − 16; false, with nothing written, when the tag is wrong or len is under 16.</summary>
    public static bool Open(byte[] shared32, byte[] nonce24, int nOff, byte[] box, int off, int len, byte[] output, int outOff)
    {
        Bounds.Check(box, off, len);
        if (len < TagSize)
        {
            return false;
        }

        len -= TagSize;
        Bounds.Check(output, outOff, len);
        uint[] state = Start(shared32, nonce24, nOff);
        uint[] words = new uint[16];
        byte[] tag = new byte[TagSize];
        Poly1305 poly = new Poly1305();
        SalsaPermutation.Permute(state, words, true);
        poly.Start(words);
        poly.UpdateLast(box, off + TagSize, len);
        poly.Finish(tag, 0);
        bool genuine = ConstantTime.Equal(tag, 0, box, off, TagSize);
        if (genuine)
        {
            Xor(state, words, box, off + TagSize, output, outOff, len);
        }

        Array.Clear(state, 0, 16);
        Array.Clear(words, 0, 16);
        return genuine;
    }

    // XSalsa20: the subkey of the first 16 nonce bytes, then Salsa20 with the last 8 and a 64-bit block counter.
    static uint[] Start(byte[] shared32, byte[] nonce24, int nOff)
    {
        Bounds.Check(nonce24, nOff, NonceSize);
        byte[] subkey = new byte[32];
        HSalsa20(shared32, nonce24, nOff, subkey);
        uint[] state = new uint[16];
        LoadKey(state, subkey);
        state[6] = BitConverter.ToUInt32(nonce24, nOff + 16);
        state[7] = BitConverter.ToUInt32(nonce24, nOff + 20);
        Array.Clear(subkey, 0, 32);
        return state;
    }

    // The first 32 bytes of the stream are the Poly1305 key; the text begins at byte 32 of block 0, already in words.
    static void Xor(uint[] state, uint[] words, byte[] input, int off, byte[] output, int outOff, int len)
    {
        int first = Math.Min(len, 32);
        StreamXor.Part(words, 32, input, off, output, outOff, first);
        int done = first;
        while (done < len)
        {
            state[8]++;
            SalsaPermutation.Permute(state, words, true);
            int piece = Math.Min(len - done, 64);
            if (piece == 64)
            {
                StreamXor.Block(words, input, off + done, output, outOff + done);
            }
            else
            {
                StreamXor.Part(words, 0, input, off + done, output, outOff + done, piece);
            }

            done += piece;
        }
    }

    /// <summary>HSalsa20 of a key and a 16-byte input. Section 8.</summary>
    internal static void HSalsa20(byte[] key, byte[] input, int inOff, byte[] subkey)
    {
        uint[] words = new uint[16];
        LoadKey(words, key);
        for (int i = 0; i < 4; i++)
        {
            words[6 + i] = BitConverter.ToUInt32(input, inOff + (4 * i));
        }

        SalsaPermutation.Permute(words, words, false);

        // z0 z5 z10 z15 z6 z7 z8 z9
        words[1] = words[5];
        words[2] = words[10];
        words[3] = words[15];
        Array.Copy(words, 6, words, 4, 4);
        StreamXor.Write(words, 8, subkey, 0);
        Array.Clear(words, 0, 16);
    }

    static void LoadKey(uint[] words, byte[] key)
    {
        Bounds.Check(key, 0, 32);
        words[0] = 0x61707865;
        words[5] = 0x3320646E;
        words[10] = 0x79622D32;
        words[15] = 0x6B206574;
        for (int i = 0; i < 4; i++)
        {
            words[1 + i] = BitConverter.ToUInt32(key, 4 * i);
            words[11 + i] = BitConverter.ToUInt32(key, 16 + (4 * i));
        }
    }
}
