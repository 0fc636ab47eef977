using System;

namespace MeshIoT.Crypto;

/// <summary>ChaCha20-Poly1305, RFC 8439 section 2.8: 32-byte key, 12-byte nonce used once per key, 16-byte tag behind the ciphertext.</summary>
public static class ChaCha20Poly1305
{
    /// <summary>Bytes a sealed message is longer than its text.</summary>
    public const int TagSize = ChaChaPoly.TagSize;

    /// <summary>Writes len + 16 bytes; in place when text and output begin at the same byte. <paramref name="ad"/> may be null when adLen is 0.</summary>
    public static void Seal(byte[] key, int keyOff, byte[] nonce12, int nonceOff, byte[]? ad, int adOff, int adLen, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        ChaChaPoly cipher = Create(key, keyOff, nonce12, nonceOff);
        cipher.Seal(ad, adOff, adLen, plain, off, len, output, outOff);
        cipher.Wipe();
    }

    /// <summary>Opens <paramref name="len"/> bytes, tag included, and writes len − 16; false, with nothing written, when the tag is wrong or len is under 16.</summary>
    public static bool Open(byte[] key, int keyOff, byte[] nonce12, int nonceOff, byte[]? ad, int adOff, int adLen, byte[] cipher, int off, int len, byte[] output, int outOff)
    {
        ChaChaPoly opener = Create(key, keyOff, nonce12, nonceOff);
        bool opened = opener.Open(ad, adOff, adLen, cipher, off, len, output, outOff);
        opener.Wipe();
        return opened;
    }

    static ChaChaPoly Create(byte[] key, int keyOff, byte[] nonce, int nonceOff)
    {
        Bounds.Check(nonce, nonceOff, 12);
        ChaChaPoly cipher = new ChaChaPoly();
        cipher.SetKey(key, keyOff);
        cipher.SetNonce(BitConverter.ToUInt32(nonce, nonceOff), BitConverter.ToUInt32(nonce, nonceOff + 4), BitConverter.ToUInt32(nonce, nonceOff + 8));
        return cipher;
    }
}
