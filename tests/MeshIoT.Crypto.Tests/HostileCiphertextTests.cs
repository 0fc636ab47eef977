using System;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>What arrives from the network is never trusted: any flipped bit, cut or random bytes open to nothing, without an exception.</summary>
public class HostileCiphertextTests
{
    static readonly byte[] Key = Hex.Run(1, 32), Nonce = Hex.Run(1, 24);

    delegate bool Opener(byte[] box, int length, byte[] output);

    static (string Name, byte[] Box, Opener Open)[] Cases()
    {
        byte[] text = Hex.Run(0, 100), aead = new byte[116], xaead = new byte[116], box = new byte[116], session = new byte[116];
        ChaCha20Poly1305.Seal(Key, 0, Nonce, 0, text, 0, 5, text, 0, 100, aead, 0);
        XChaCha20Poly1305.Seal(Key, 0, Nonce, 0, null, 0, 0, text, 0, 100, xaead, 0);
        NaClBox.Seal(Key, Nonce, 0, text, 0, 100, box, 0);
        AeadKey portable = new PortableSuite().CreateAeadKey(Key, 0), sodium = new SodiumSuite().CreateAeadKey(Key, 0);
        portable.Seal(7, text, 0, 100, session, 0);
        return
        [
            ("ChaCha20Poly1305", aead, (b, n, o) => ChaCha20Poly1305.Open(Key, 0, Nonce, 0, text, 0, 5, b, 0, n, o, 0)),
            ("XChaCha20Poly1305", xaead, (b, n, o) => XChaCha20Poly1305.Open(Key, 0, Nonce, 0, null, 0, 0, b, 0, n, o, 0)),
            ("NaClBox", box, (b, n, o) => NaClBox.Open(Key, Nonce, 0, b, 0, n, o, 0)),
            ("portable session", session, (b, n, o) => portable.Open(7, b, 0, n, o, 0)),
            ("sodium session", (byte[])session.Clone(), (b, n, o) => sodium.Open(7, b, 0, n, o, 0)),
        ];
    }

    [Fact]
    public void One_flipped_bit_anywhere_and_nothing_opens()
    {
        foreach ((string name, byte[] box, Opener open) in Cases())
        {
            byte[] output = new byte[100];
            Assert.True(open(box, box.Length, output), name);
            for (int bit = 0; bit < box.Length * 8; bit++)
            {
                byte[] flipped = (byte[])box.Clone();
                flipped[bit >> 3] ^= (byte)(1 << (bit & 7));
                Array.Clear(output);
                Assert.False(open(flipped, flipped.Length, output), name);
                Assert.True(ConstantTime.IsZero(output, 0, 100), name);
            }
        }
    }

    [Fact]
    public void Cut_extended_and_random_boxes_do_not_open()
    {
        Random random = new(20261123);
        foreach ((string name, byte[] box, Opener open) in Cases())
        {
            byte[] longer = [.. box, .. new byte[16]];
            for (int length = 0; length <= longer.Length; length++)
            {
                Assert.Equal(length == box.Length, open(longer, length, new byte[longer.Length]));
            }

            for (int i = 0; i < 2000; i++)
            {
                byte[] noise = new byte[random.Next(200)];
                random.NextBytes(noise);
                Assert.False(open(noise, noise.Length, new byte[200]), name);
            }
        }
    }

    [Fact]
    public void A_caller_whose_ranges_do_not_fit_gets_an_ArgumentException_before_a_byte_is_written()
    {
        AeadKey key = new PortableSuite().CreateAeadKey(Key, 0);
        byte[] output = new byte[40];
        Assert.Throws<ArgumentException>(() => key.Seal(0, new byte[40], 0, 25, output, 0));
        Assert.Throws<ArgumentException>(() => key.Seal(0, new byte[40], -1, 5, output, 0));
        Assert.Throws<ArgumentException>(() => key.Seal(0, new byte[40], 0, int.MaxValue, output, 0));
        Assert.Throws<ArgumentException>(() => key.Open(0, new byte[40], 30, 20, output, 0));
        Assert.Throws<ArgumentException>(() => NaClBox.Seal(Key, Nonce, 0, new byte[40], 0, 25, output, 0));
        Assert.Throws<ArgumentException>(() => NaClBox.Seal(Key, Nonce, 1, new byte[4], 0, 4, output, 0));
        Assert.Throws<ArgumentException>(() => X25519.ScalarMult(output, 10, Key, 0, Key, 0));
        Assert.Throws<ArgumentException>(() => ConstantTime.Equal(output, 0, Key, 0, 33));
        Assert.True(ConstantTime.IsZero(output, 0, 40));
    }

    [Fact]
    public void A_wiped_session_key_neither_seals_nor_opens()
    {
        foreach (CryptoSuite suite in new CryptoSuite[] { new PortableSuite(), new SodiumSuite() })
        {
            AeadKey key = suite.CreateAeadKey(Key, 0);
            key.Wipe();
            key.Wipe();
            Assert.ThrowsAny<InvalidOperationException>(() => key.Seal(0, new byte[4], 0, 4, new byte[20], 0));
            Assert.ThrowsAny<InvalidOperationException>(() => key.Open(0, new byte[20], 0, 20, new byte[4], 0));
        }
    }
}
