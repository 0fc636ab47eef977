namespace MeshIoT.Crypto;

/// <summary>The primitives that are worth replacing by a faster implementation: X25519 and the session AEAD.</summary>
public abstract class CryptoSuite
{
    /// <summary>X25519 of a private and a public key, 32 bytes each; false, with a zeroed output, when the point has small order. RFC 7748 section 6.1.</summary>
    public abstract bool SharedSecret(byte[] priv32, byte[] pub32, byte[] output32);

    /// <summary>The public key of a private key; clamping happens inside. RFC 7748 section 6.1.</summary>
    public abstract void PublicKey(byte[] priv32, byte[] output32);

    /// <summary>A session key from 32 bytes at <paramref name="off"/>, which are copied.</summary>
    public abstract AeadKey CreateAeadKey(byte[] key, int off);
}
