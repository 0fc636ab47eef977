using System;

namespace MeshIoT.Crypto;

/// <summary>
/// XChaCha20-Poly1305 with its working memory, for those who seal or open for strangers and would pay for each message with garbage:
/// what <see cref="XChaCha20Poly1305"/> does, without an allocation. One thread at a time.
/// </summary>
public sealed class XChaChaPoly
{
    readonly ChaChaPoly cipher = new ChaChaPoly();
    readonly byte[] subkey = new byte[32];
    readonly uint[] words = new uint[16];

    /// <summary>As <see cref="XChaCha20Poly1305.Seal"/>.</summary>
    public void Seal(byte[] key, int keyOff, byte[] nonce24, int nonceOff, byte[]? ad, int adOff, int adLen, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        Begin(key, keyOff, nonce24, nonceOff);
        cipher.Seal(ad, adOff, adLen, plain, off, len, output, outOff);
        cipher.Wipe();
    }

    /// <summary>As <see cref="XChaCha20Poly1305.Open"/>.</summary>
    public bool Open(byte[] key, int keyOff, byte[] nonce24, int nonceOff, byte[]? ad, int adOff, int adLen, byte[] sealedText, int off, int len, byte[] output, int outOff)
    {
        Begin(key, keyOff, nonce24, nonceOff);
        bool opened = cipher.Open(ad, adOff, adLen, sealedText, off, len, output, outOff);
        cipher.Wipe();
        return opened;
    }

    void Begin(byte[] key, int keyOff, byte[] nonce, int nonceOff)
    {
        Bounds.Check(nonce, nonceOff, 24);
        XChaCha20Poly1305.HChaCha20(key, keyOff, nonce, nonceOff, subkey, words);
        cipher.SetKey(subkey, 0);
        cipher.SetNonce(0, BitConverter.ToUInt32(nonce, nonceOff + 16), BitConverter.ToUInt32(nonce, nonceOff + 20));
        Array.Clear(subkey, 0, 32);
    }
}
