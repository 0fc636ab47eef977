using System;

namespace MeshIoT.Crypto;

/// <summary>XChaCha20-Poly1305, draft-irtf-cfrg-xchacha-03: as ChaCha20-Poly1305 with a 24-byte nonce, long enough to be drawn at random.</summary>
public static class XChaCha20Poly1305
{
    /// <summary>Bytes a sealed message is longer than its text.</summary>
    public const int TagSize = ChaChaPoly.TagSize;

    /// <summary>Writes len + 16 bytes; in place when text and output begin at the same byte. <paramref name="ad"/> may be null when adLen is 0.</summary>
    public static void Seal(byte[] key, int keyOff, byte[] nonce24, int nonceOff, byte[]? ad, int adOff, int adLen, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        new XChaChaPoly().Seal(key, keyOff, nonce24, nonceOff, ad, adOff, adLen, plain, off, len, output, outOff);
    }

    /// <summary>Opens <paramref name="len"/> bytes, tag included, and writes len − 16; false, with nothing written, when the tag is wrong or len is under 16.</summary>
    public static bool Open(byte[] key, int keyOff, byte[] nonce24, int nonceOff, byte[]? ad, int adOff, int adLen, byte[] cipher, int off, int len, byte[] output, int outOff)
    {
        return new XChaChaPoly().Open(key, keyOff, nonce24, nonceOff, ad, adOff, adLen, cipher, off, len, output, outOff);
    }

    /// <summary>The subkey of a key and the first 16 nonce bytes. Section 2.2 of the draft.</summary>
    internal static void HChaCha20(byte[] key, int keyOff, byte[] nonce, int nonceOff, byte[] subkey) =>
        HChaCha20(key, keyOff, nonce, nonceOff, subkey, new uint[16]);

    /// <summary>The same with 16 words of working memory, wiped afterwards.</summary>
    internal static void HChaCha20(byte[] key, int keyOff, byte[] nonce, int nonceOff, byte[] subkey, uint[] words)
    {
        Bounds.Check(key, keyOff, 32);
        words[0] = 0x61707865;
        words[1] = 0x3320646E;
        words[2] = 0x79622D32;
        words[3] = 0x6B206574;
        for (int i = 0; i < 8; i++)
        {
            words[4 + i] = BitConverter.ToUInt32(key, keyOff + (4 * i));
        }

        for (int i = 0; i < 4; i++)
        {
            words[12 + i] = BitConverter.ToUInt32(nonce, nonceOff + (4 * i));
        }

        ChaChaPermutation.Permute(words, words, false);
        Array.Copy(words, 12, words, 4, 4);
        StreamXor.Write(words, 8, subkey, 0);
        Array.Clear(words, 0, 16);
    }
}
