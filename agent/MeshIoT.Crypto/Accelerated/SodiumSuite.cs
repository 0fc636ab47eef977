using System;

namespace MeshIoT.Crypto;

/// <summary>
/// The suite of the agent: X25519 by libsodium, session keys by the fastest code this CPU has (<see cref="AeadChoice"/>). Nothing here
/// loads OpenSSL. Safe to share between threads.
/// </summary>
public sealed class SodiumSuite : CryptoSuite
{
    /// <inheritdoc/>
    public override unsafe bool SharedSecret(byte[] priv32, byte[] pub32, byte[] output32)
    {
        Bounds.Check(priv32, 0, X25519.Size);
        Bounds.Check(pub32, 0, X25519.Size);
        Bounds.Check(output32, 0, X25519.Size);
        fixed (byte* n = priv32, p = pub32, q = output32)
        {
            if (Sodium.crypto_scalarmult_curve25519(q, n, p) == 0)
            {
                return true;
            }
        }

        Array.Clear(output32, 0, X25519.Size);
        return false;
    }

    /// <inheritdoc/>
    public override unsafe void PublicKey(byte[] priv32, byte[] output32)
    {
        Bounds.Check(priv32, 0, X25519.Size);
        Bounds.Check(output32, 0, X25519.Size);
        fixed (byte* n = priv32, q = output32)
        {
            _ = Sodium.crypto_scalarmult_curve25519_base(q, n);
        }
    }

    /// <inheritdoc/>
    public override PointerAeadKey CreateAeadKey(byte[] key, int off) => AeadChoice.CreateKey(key, off);
}
