using System;
using System.Text;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// Chaining key and hash of a Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s handshake in progress. Noise specification, section 5.2; WireGuard
/// paper, section 5.4.
/// </summary>
internal sealed class NoiseState
{
    const int Size = ProtocolLimits.KeySize;

    static readonly byte[] InitialChainKey = HashOf(Encoding.UTF8.GetBytes("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"), new byte[0]);
    static readonly byte[] InitialHash = HashOf(InitialChainKey, Encoding.UTF8.GetBytes("WireGuard v1 zx2c4 Jason@zx2c4.com"));
    static readonly byte[] ZeroNonce = new byte[12];

    readonly byte[] chainKey = new byte[Size];
    readonly byte[] hash = new byte[Size];

    /// <summary>Key of the next sealed field; set by <see cref="MixKey"/> and <see cref="MixKeyAndHash"/>.</summary>
    readonly byte[] key = new byte[Size];

    readonly byte[] mixed = new byte[Size];

    public void Start(byte[] responderPublicKey)
    {
        Array.Copy(InitialChainKey, 0, chainKey, 0, Size);
        Array.Copy(InitialHash, 0, hash, 0, Size);
        MixHash(responderPublicKey, 0, Size);
    }

    /// <summary>Begins under another prologue than WireGuard's.</summary>
    public void Start(byte[] prologue, byte[] responderPublicKey)
    {
        Array.Copy(InitialChainKey, 0, chainKey, 0, Size);
        Array.Copy(HashOf(InitialChainKey, prologue), 0, hash, 0, Size);
        MixHash(responderPublicKey, 0, Size);
    }

    /// <summary>A copy of the handshake hash.</summary>
    public byte[] CopyHash()
    {
        byte[] copy = new byte[Size];
        Array.Copy(hash, 0, copy, 0, Size);
        return copy;
    }

    public void CopyFrom(NoiseState other)
    {
        Array.Copy(other.chainKey, 0, chainKey, 0, Size);
        Array.Copy(other.hash, 0, hash, 0, Size);
        Array.Copy(other.key, 0, key, 0, Size);
    }

    public void MixHash(byte[] data, int offset, int length)
    {
        Blake2s blake = new Blake2s(Size, null);
        blake.Update(hash, 0, Size);
        blake.Update(data, offset, length);
        blake.Finish(hash, 0);
    }

    /// <summary>An ephemeral key goes into the hash and, because of the preshared key, into the chaining key. Noise, section 9.2.</summary>
    public void MixEphemeral(byte[] message, int offset)
    {
        MixHash(message, offset, Size);
        HkdfBlake2s.Derive(chainKey, message, offset, Size, chainKey, null, null);
    }

    public void MixKey(byte[] secret) => HkdfBlake2s.Derive(chainKey, secret, 0, Size, chainKey, key, null);

    public void MixKeyAndHash(byte[] presharedKey)
    {
        HkdfBlake2s.Derive(chainKey, presharedKey, 0, Size, chainKey, mixed, key);
        MixHash(mixed, 0, Size);
        Array.Clear(mixed, 0, Size);
    }

    public void SealAndHash(byte[] plain, int offset, int length, byte[] output, int outOffset)
    {
        ChaCha20Poly1305.Seal(key, 0, ZeroNonce, 0, hash, 0, Size, plain, offset, length, output, outOffset);
        MixHash(output, outOffset, length + ProtocolLimits.TagSize);
    }

    /// <summary>Opens a field of <paramref name="length"/> bytes, tag included; false, with the state unchanged, when it is forged.</summary>
    public bool OpenAndHash(byte[] cipher, int offset, int length, byte[] output)
    {
        if (!ChaCha20Poly1305.Open(key, 0, ZeroNonce, 0, hash, 0, Size, cipher, offset, length, output, 0))
        {
            return false;
        }

        MixHash(cipher, offset, length);
        return true;
    }

    /// <summary>The two session keys: what the initiator sends with, what the responder sends with.</summary>
    public void Split(byte[] initiatorKey, byte[] responderKey) => HkdfBlake2s.Derive(chainKey, chainKey, 0, 0, initiatorKey, responderKey, null);

    public void Wipe()
    {
        Array.Clear(chainKey, 0, Size);
        Array.Clear(hash, 0, Size);
        Array.Clear(key, 0, Size);
    }

    static byte[] HashOf(byte[] first, byte[] second)
    {
        byte[] output = new byte[Size];
        Blake2s blake = new Blake2s(Size, null);
        blake.Update(first, 0, first.Length);
        blake.Update(second, 0, second.Length);
        blake.Finish(output, 0);
        return output;
    }
}
