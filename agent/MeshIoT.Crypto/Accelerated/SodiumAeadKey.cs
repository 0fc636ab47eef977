using System;
using System.Security.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>A session key for libsodium's ChaCha20-Poly1305, in pinned memory that no collection copies.</summary>
internal sealed unsafe class SodiumAeadKey : PointerAeadKey
{
    const int KeySize = 32, NonceSize = 12;

    readonly byte[] key = GC.AllocateUninitializedArray<byte>(KeySize, pinned: true);
    bool wiped;

    public SodiumAeadKey(byte[] key, int off)
    {
        Bounds.Check(key, off, KeySize);
        Array.Copy(key, off, this.key, 0, KeySize);
    }

    public override void Seal(long counter, byte* plain, byte* output, int length)
    {
        ObjectDisposedException.ThrowIf(wiped, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        byte* nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, counter);
        fixed (byte* k = key)
        {
            _ = Sodium.crypto_aead_chacha20poly1305_ietf_encrypt(output, null, plain, (ulong)length, null, 0, null, nonce, k);
        }
    }

    public override bool Open(long counter, byte* cipher, byte* output, int length)
    {
        ObjectDisposedException.ThrowIf(wiped, this);
        if (length < TagSize)
        {
            return false;
        }

        byte* nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, counter);
        fixed (byte* k = key)
        {
            return Sodium.crypto_aead_chacha20poly1305_ietf_decrypt(output, null, null, cipher, (ulong)length, null, 0, nonce, k) == 0;
        }
    }

    public override void Wipe()
    {
        wiped = true;
        CryptographicOperations.ZeroMemory(key);
    }

    static void WriteNonce(byte* nonce, long counter)
    {
        *(uint*)nonce = 0;
        *(long*)(nonce + 4) = counter;
    }
}
