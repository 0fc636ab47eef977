using System;

namespace MeshIoT.Crypto;

/// <summary>A session key in plain C#; everything it needs is allocated once, here.</summary>
internal sealed class PortableAeadKey : AeadKey
{
    readonly ChaChaPoly cipher = new ChaChaPoly();
    bool wiped;

    public PortableAeadKey(byte[] key, int off)
    {
        cipher.SetKey(key, off);
    }

    public override void Seal(long counter, byte[] plain, int off, int len, byte[] output, int outOff)
    {
        ThrowIfWiped();
        cipher.SetNonce(0, (uint)counter, (uint)((ulong)counter >> 32));
        cipher.Seal(null, 0, 0, plain, off, len, output, outOff);
    }

    public override bool Open(long counter, byte[] cipher, int off, int len, byte[] output, int outOff)
    {
        ThrowIfWiped();
        this.cipher.SetNonce(0, (uint)counter, (uint)((ulong)counter >> 32));
        return this.cipher.Open(null, 0, 0, cipher, off, len, output, outOff);
    }

    public override void Wipe()
    {
        wiped = true;
        cipher.Wipe();
    }

    void ThrowIfWiped()
    {
        if (wiped)
        {
            throw new InvalidOperationException("the session key was wiped");
        }
    }
}
