using System;
using System.Collections.Generic;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard.Tests;

/// <summary>A suite that keeps the session keys it was asked for and counts its work.</summary>
sealed class RecordingSuite(CryptoSuite inner) : CryptoSuite
{
    public List<byte[]> SessionKeys { get; } = [];

    public int SharedSecrets { get; private set; }

    public int LiveKeys { get; private set; }

    public override bool SharedSecret(byte[] priv32, byte[] pub32, byte[] output32)
    {
        SharedSecrets++;
        return inner.SharedSecret(priv32, pub32, output32);
    }

    public override void PublicKey(byte[] priv32, byte[] output32) => inner.PublicKey(priv32, output32);

    public override AeadKey CreateAeadKey(byte[] key, int off)
    {
        SessionKeys.Add(key.AsSpan(off, 32).ToArray());
        LiveKeys++;
        return new RecordedKey(this, inner.CreateAeadKey(key, off));
    }

    sealed class RecordedKey(RecordingSuite owner, AeadKey inner) : AeadKey
    {
        bool wiped;

        public override void Seal(long counter, byte[] plain, int off, int len, byte[] output, int outOff) => inner.Seal(counter, plain, off, len, output, outOff);

        public override bool Open(long counter, byte[] cipher, int off, int len, byte[] output, int outOff) => inner.Open(counter, cipher, off, len, output, outOff);

        public override void Wipe()
        {
            inner.Wipe();
            owner.LiveKeys -= wiped ? 0 : 1;
            wiped = true;
        }
    }
}
