using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>
/// A session key for libsodium's ChaCha20-Poly1305, in pinned memory that no collection copies. Seal and Open may run on several threads
/// at once; Wipe may not run beside them.
/// </summary>
internal sealed unsafe class SodiumAeadKey : AeadKey
{
    const int KeySize = 32, NonceSize = 12, TagSize = 16;

    readonly byte[] key = GC.AllocateUninitializedArray<byte>(KeySize, pinned: true);
    bool wiped;

    public SodiumAeadKey(byte[] key, int off)
    {
        Bounds.Check(key, off, KeySize);
        Array.Copy(key, off, this.key, 0, KeySize);
    }

    public override void Seal(long counter, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        ObjectDisposedException.ThrowIf(wiped, this);
        Bounds.Check(plain, off, len);
        Bounds.Check(output, outOff, len + TagSize);
        byte* nonce = stackalloc byte[NonceSize];
        WriteNonce(new Span<byte>(nonce, NonceSize), counter);
        fixed (byte* k = key, m = plain, c = output)
        {
            _ = Sodium.crypto_aead_chacha20poly1305_ietf_encrypt(c + outOff, null, m + off, (ulong)len, null, 0, null, nonce, k);
        }
    }

    public override bool Open(long counter, byte[] cipher, int off, int len, byte[] output, int outOff)
    {
        ObjectDisposedException.ThrowIf(wiped, this);
        Bounds.Check(cipher, off, len);
        if (len < TagSize)
        {
            return false;
        }

        Bounds.Check(output, outOff, len - TagSize);
        byte* nonce = stackalloc byte[NonceSize];
        WriteNonce(new Span<byte>(nonce, NonceSize), counter);
        fixed (byte* k = key, c = cipher, m = output)
        {
            return Sodium.crypto_aead_chacha20poly1305_ietf_decrypt(m + outOff, null, null, c + off, (ulong)len, null, 0, nonce, k) == 0;
        }
    }

    public override void Wipe()
    {
        wiped = true;
        CryptographicOperations.ZeroMemory(key);
    }

    static void WriteNonce(Span<byte> nonce, long counter)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce[4..], counter);
    }
}
