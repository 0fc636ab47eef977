using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using Evp = System.Security.Cryptography.ChaCha20Poly1305;

namespace MeshIoT.Bench;

/// <summary>An implementation of ChaCha20-Poly1305 to measure: seals a packet in place, opens it to another place.</summary>
abstract unsafe class AeadSubject(string name)
{
    public string Name => name;

    /// <summary>Seals <paramref name="length"/> bytes in place, 16 bytes of tag behind them.</summary>
    public abstract void Seal(long counter, byte* packet, int length);

    /// <summary>Opens such a packet.</summary>
    public abstract bool Open(long counter, byte* packet, byte* output, int length);

    /// <summary>Our own widths that this machine has, libsodium, and OpenSSL by the class library where it is installed.</summary>
    public static List<AeadSubject> All()
    {
        byte[] key = new byte[32];
        new Random(1).NextBytes(key);
        List<AeadSubject> all = [];
        foreach (AeadWidth width in new[] { AeadWidth.Bits512, AeadWidth.Bits256, AeadWidth.Bits128, AeadWidth.Sodium })
        {
            if (width <= AeadChoice.Widest)
            {
                all.Add(new Own(width == AeadWidth.Sodium ? "libsodium" : $"{(int)width} bits", AeadChoice.CreateKey(width, key, 0)));
            }
        }

        if (TlsLibrary.IsPresent && Evp.IsSupported)
        {
            all.Add(new OpenSsl(new Evp(key)));
        }

        return all;
    }

    sealed class Own(string name, PointerAeadKey key) : AeadSubject(name)
    {
        public override void Seal(long counter, byte* packet, int length) => key.Seal(counter, packet, packet, length);

        public override bool Open(long counter, byte* packet, byte* output, int length) => key.Open(counter, packet, output, length + PointerAeadKey.TagSize);
    }

    sealed class OpenSsl(Evp key) : AeadSubject("OpenSSL (BCL)")
    {
        public override void Seal(long counter, byte* packet, int length)
        {
            byte* nonce = stackalloc byte[12];
            Write(nonce, counter);
            key.Encrypt(new ReadOnlySpan<byte>(nonce, 12), new ReadOnlySpan<byte>(packet, length), new Span<byte>(packet, length), new Span<byte>(packet + length, 16));
        }

        public override bool Open(long counter, byte* packet, byte* output, int length)
        {
            byte* nonce = stackalloc byte[12];
            Write(nonce, counter);
            key.Decrypt(new ReadOnlySpan<byte>(nonce, 12), new ReadOnlySpan<byte>(packet, length), new ReadOnlySpan<byte>(packet + length, 16), new Span<byte>(output, length));
            return true;
        }

        static void Write(byte* nonce, long counter)
        {
            *(int*)nonce = 0;
            *(long*)(nonce + 4) = counter;
        }
    }
}
