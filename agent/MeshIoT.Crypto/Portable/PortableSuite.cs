namespace MeshIoT.Crypto;

/// <summary>The suite in plain C#: runs wherever C# runs, microcontrollers included.</summary>
public sealed class PortableSuite : CryptoSuite
{
    /// <inheritdoc/>
    public override bool SharedSecret(byte[] priv32, byte[] pub32, byte[] output32)
    {
        X25519.ScalarMult(output32, 0, priv32, 0, pub32, 0);
        return !ConstantTime.IsZero(output32, 0, X25519.Size);
    }

    /// <inheritdoc/>
    public override void PublicKey(byte[] priv32, byte[] output32)
    {
        X25519.ScalarMultBase(output32, 0, priv32, 0);
    }

    /// <inheritdoc/>
    public override AeadKey CreateAeadKey(byte[] key, int off)
    {
        return new PortableAeadKey(key, off);
    }
}
