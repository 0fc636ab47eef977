using System;
using System.Buffers.Binary;
using NSec.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>A session key held by libsodium. Seal and Open may run on several threads at once; Wipe may not run beside them.</summary>
internal sealed class SodiumAeadKey : AeadKey
{
    const int NonceSize = 12, TagSize = 16;

    readonly Key key;

    public SodiumAeadKey(byte[] key, int off)
    {
        Bounds.Check(key, off, 32);
        this.key = Key.Import(AeadAlgorithm.ChaCha20Poly1305, key.AsSpan(off, 32), KeyBlobFormat.RawSymmetricKey);
    }

    public override void Seal(long counter, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        Bounds.Check(plain, off, len);
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, counter);
        AeadAlgorithm.ChaCha20Poly1305.Encrypt(key, nonce, default, plain.AsSpan(off, len), output.AsSpan(outOff, len + TagSize));
    }

    public override bool Open(long counter, byte[] cipher, int off, int len, byte[] output, int outOff)
    {
        Bounds.Check(cipher, off, len);
        if (len < TagSize)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, counter);
        return AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, nonce, default, cipher.AsSpan(off, len), output.AsSpan(outOff, len - TagSize));
    }

    public override void Wipe()
    {
        key.Dispose();
    }

    static void WriteNonce(Span<byte> nonce, long counter)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce[4..], counter);
    }
}
