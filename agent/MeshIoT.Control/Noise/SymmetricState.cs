using System;
using System.Security.Cryptography;
using System.Text;
using MeshIoT.Crypto;
using ChaCha20Poly1305 = MeshIoT.Crypto.ChaCha20Poly1305;

namespace MeshIoT.Control;

/// <summary>
/// Chaining key, handshake hash and cipher key of one handshake. Every key is used for one message only, so its nonce is always zero.
/// Noise Protocol Framework revision 34, section 5.2.
/// </summary>
internal sealed class SymmetricState : IDisposable
{
    const int Size = 32, TagSize = 16;
    static readonly byte[] ZeroNonce = new byte[12];

    readonly byte[] chainingKey = new byte[Size];
    readonly byte[] hash = new byte[Size];
    readonly byte[] key = new byte[Size];

    public SymmetricState(string protocolName, ReadOnlySpan<byte> prologue)
    {
        // The name has 33 bytes, one more than a digest: it is hashed, not padded.
        byte[] name = Encoding.ASCII.GetBytes(protocolName);
        Blake2s.Hash(name, 0, name.Length, hash, 0);
        hash.CopyTo(chainingKey, 0);
        MixHash(prologue);
    }

    public ReadOnlySpan<byte> Hash => hash;

    public void MixHash(ReadOnlySpan<byte> data)
    {
        Blake2s digest = new(Size, null);
        digest.Update(hash, 0, Size);
        byte[] copy = data.ToArray();
        digest.Update(copy, 0, copy.Length);
        digest.Finish(hash, 0);
    }

    public void MixKey(byte[] sharedSecret) =>
        HkdfBlake2s.Derive(chainingKey, sharedSecret, 0, sharedSecret.Length, chainingKey, key, null);

    /// <summary>Writes the sealed text and its tag, and binds them into the hash.</summary>
    public void EncryptAndHash(ReadOnlySpan<byte> plain, Span<byte> output)
    {
        byte[] sealedText = new byte[plain.Length + TagSize];
        plain.CopyTo(sealedText);
        ChaCha20Poly1305.Seal(key, 0, ZeroNonce, 0, hash, 0, Size, sealedText, 0, plain.Length, sealedText, 0);
        MixHash(sealedText);
        sealedText.CopyTo(output);
    }

    /// <summary>False, and nothing changed, when the text is not genuine.</summary>
    public bool DecryptAndHash(ReadOnlySpan<byte> sealedText, out byte[] plain)
    {
        plain = [];
        if (sealedText.Length < TagSize)
        {
            return false;
        }

        byte[] input = sealedText.ToArray();
        byte[] output = new byte[input.Length - TagSize];
        if (!ChaCha20Poly1305.Open(key, 0, ZeroNonce, 0, hash, 0, Size, input, 0, input.Length, output, 0))
        {
            return false;
        }

        MixHash(sealedText);
        plain = output;
        return true;
    }

    /// <summary>The two transport keys: initiator to responder, then the other way.</summary>
    public (byte[] ToResponder, byte[] ToInitiator) Split()
    {
        byte[] first = new byte[Size], second = new byte[Size];
        HkdfBlake2s.Derive(chainingKey, [], 0, 0, first, second, null);
        return (first, second);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(chainingKey);
        CryptographicOperations.ZeroMemory(key);
    }
}
