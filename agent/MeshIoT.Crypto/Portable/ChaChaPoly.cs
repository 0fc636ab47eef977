using System;

namespace MeshIoT.Crypto;

/// <summary>
/// The AEAD of RFC 8439 section 2.8 with its working memory: set a key once, a nonce per message, then Seal or Open. Holding one of these
/// makes a packet cost no allocation. One thread at a time.
/// </summary>
internal sealed class ChaChaPoly
{
    public const int TagSize = 16;

    readonly uint[] state = new uint[16];
    readonly uint[] words = new uint[16];
    readonly byte[] tag = new byte[TagSize];
    readonly Poly1305 poly = new Poly1305();

    public void SetKey(byte[] key, int off)
    {
        Bounds.Check(key, off, 32);
        state[0] = 0x61707865;
        state[1] = 0x3320646E;
        state[2] = 0x79622D32;
        state[3] = 0x6B206574;
        for (int i = 0; i < 8; i++)
        {
            state[4 + i] = BitConverter.ToUInt32(key, off + (4 * i));
        }
    }

    public void SetNonce(uint n0, uint n1, uint n2)
    {
        state[13] = n0;
        state[14] = n1;
        state[15] = n2;
    }

    public void Seal(byte[]? ad, int adOff, int adLen, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        CheckLength(len);
        Bounds.Check(plain, off, len);
        Bounds.Check(output, outOff, len + TagSize);
        StartMac(ad, adOff, adLen);
        Xor(plain, off, output, outOff, len);
        poly.UpdatePadded(output, outOff, len);
        poly.UpdateLengths(adLen, len);
        poly.Finish(output, outOff + len);
    }

    public bool Open(byte[]? ad, int adOff, int adLen, byte[] cipher, int off, int len, byte[] output, int outOff)
    {
        Bounds.Check(cipher, off, len);
        if (len < TagSize)
        {
            return false;
        }

        len -= TagSize;
        Bounds.Check(output, outOff, len);
        StartMac(ad, adOff, adLen);
        poly.UpdatePadded(cipher, off, len);
        poly.UpdateLengths(adLen, len);
        poly.Finish(tag, 0);
        if (!ConstantTime.Equal(tag, 0, cipher, off + len, TagSize))
        {
            return false;
        }

        Xor(cipher, off, output, outOff, len);
        return true;
    }

    public void Wipe()
    {
        Array.Clear(state, 0, 16);
        Array.Clear(words, 0, 16);
    }

    // Block 0 of the key stream is the one-time key; the text begins with block 1.
    void StartMac(byte[]? ad, int adOff, int adLen)
    {
        if (adLen != 0)
        {
            Bounds.Check(ad!, adOff, adLen);
        }

        state[12] = 0;
        ChaChaPermutation.Permute(state, words, true);
        poly.Start(words);
        if (adLen != 0)
        {
            poly.UpdatePadded(ad!, adOff, adLen);
        }
    }

    void Xor(byte[] input, int off, byte[] output, int outOff, int len)
    {
        uint counter = 1;
        while (len > 0)
        {
            state[12] = counter++;
            ChaChaPermutation.Permute(state, words, true);
            if (len >= 64)
            {
                StreamXor.Block(words, input, off, output, outOff);
            }
            else
            {
                StreamXor.Part(words, 0, input, off, output, outOff, len);
            }

            off += 64;
            outOff += 64;
            len -= 64;
        }
    }

    static void CheckLength(int len)
    {
        if (len > int.MaxValue - TagSize)
        {
            throw new ArgumentException("the message is too long");
        }
    }
}
