using System;
using NSec.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>
/// The suite by libsodium, through NSec. Keys are imported, never created there: NSec's own key creation would load OpenSSL for its
/// random bytes. Safe to share between threads.
/// </summary>
public sealed class SodiumSuite : CryptoSuite
{
    /// <inheritdoc/>
    public override bool SharedSecret(byte[] priv32, byte[] pub32, byte[] output32)
    {
        Bounds.Check(priv32, 0, X25519.Size);
        Bounds.Check(pub32, 0, X25519.Size);
        Bounds.Check(output32, 0, X25519.Size);
        using Key key = ImportPrivate(priv32);
        PublicKey other = NSec.Cryptography.PublicKey.Import(KeyAgreementAlgorithm.X25519, pub32.AsSpan(0, X25519.Size), KeyBlobFormat.RawPublicKey);
        using SharedSecret? secret = KeyAgreementAlgorithm.X25519.Agree(key, other, new SharedSecretCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        if (secret is null || !secret.TryExport(SharedSecretBlobFormat.RawSharedSecret, output32.AsSpan(0, X25519.Size), out _))
        {
            Array.Clear(output32, 0, X25519.Size);
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override void PublicKey(byte[] priv32, byte[] output32)
    {
        Bounds.Check(priv32, 0, X25519.Size);
        Bounds.Check(output32, 0, X25519.Size);
        using Key key = ImportPrivate(priv32);
        _ = key.PublicKey.TryExport(KeyBlobFormat.RawPublicKey, output32.AsSpan(0, X25519.Size), out _);
    }

    /// <inheritdoc/>
    public override AeadKey CreateAeadKey(byte[] key, int off)
    {
        return new SodiumAeadKey(key, off);
    }

    static Key ImportPrivate(byte[] priv32)
    {
        return Key.Import(KeyAgreementAlgorithm.X25519, priv32.AsSpan(0, X25519.Size), KeyBlobFormat.RawPrivateKey);
    }
}
