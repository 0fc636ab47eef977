using System;

namespace MeshIoT.Crypto;

/// <summary>HMAC (RFC 2104) over BLAKE2s-256 with its 64-byte block. This is what Noise calls HMAC-HASH; it is not keyed BLAKE2s.</summary>
public static class HmacBlake2s
{
    /// <summary>Writes the 32-byte code of the message under a key of any length; the output may overlap key or message.</summary>
    public static void Compute(byte[] key, int keyOff, int keyLen, byte[] d, int off, int len, byte[] out32, int outOff)
    {
        Bounds.Check(key, keyOff, keyLen);
        Bounds.Check(d, off, len);
        Bounds.Check(out32, outOff, Blake2s.MaxDigestSize);
        Blake2s hash = new Blake2s(Blake2s.MaxDigestSize, null);
        byte[] pad = new byte[Blake2s.BlockSize];
        byte[] inner = new byte[Blake2s.MaxDigestSize];
        if (keyLen > Blake2s.BlockSize)
        {
            hash.Update(key, keyOff, keyLen);
            hash.Finish(pad, 0);
        }
        else
        {
            Array.Copy(key, keyOff, pad, 0, keyLen);
        }

        for (int i = 0; i < Blake2s.BlockSize; i++)
        {
            pad[i] ^= 0x36;
        }

        hash.Update(pad, 0, Blake2s.BlockSize);
        hash.Update(d, off, len);
        hash.Finish(inner, 0);
        for (int i = 0; i < Blake2s.BlockSize; i++)
        {
            pad[i] ^= 0x36 ^ 0x5C;
        }

        hash.Update(pad, 0, Blake2s.BlockSize);
        hash.Update(inner, 0, Blake2s.MaxDigestSize);
        hash.Finish(out32, outOff);
        Array.Clear(pad, 0, pad.Length);
        Array.Clear(inner, 0, inner.Length);
    }
}
