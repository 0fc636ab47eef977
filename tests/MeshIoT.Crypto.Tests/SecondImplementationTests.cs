using System;
using System.Runtime.InteropServices;
using CsCheck;
using NSec.Cryptography;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>The portable core against libsodium on random input: same bytes out, and each opens what the other sealed.</summary>
public class SecondImplementationTests
{
    static readonly Gen<byte[]> Key32 = Gen.Byte.Array[32];

    // Short lengths meet every tail of a 64-byte block; the longest is a UDP datagram's size.
    static readonly Gen<byte[]> Text = Gen.OneOf(Gen.Byte.Array[0, 200], Gen.Byte.Array[1200, 1600], Gen.Byte.Array[9000]);

    [DllImport("libsodium")]
    static extern int crypto_box_easy_afternm(byte[] c, byte[] m, ulong length, byte[] nonce, byte[] key);

    [DllImport("libsodium")]
    static extern int crypto_box_beforenm(byte[] key, byte[] publicKey, byte[] privateKey);

    [Fact]
    public void X25519_agrees()
    {
        PortableSuite portable = new();
        SodiumSuite sodium = new();
        Gen.Select(Key32, Key32).Sample((scalar, point) =>
        {
            byte[] a = new byte[32], b = new byte[32];
            Assert.Equal(sodium.SharedSecret(scalar, point, a), portable.SharedSecret(scalar, point, b));
            Assert.Equal(a, b);
            sodium.PublicKey(scalar, a);
            portable.PublicKey(scalar, b);
            Assert.Equal(a, b);
        }, iter: 400);
    }

    [Fact]
    public void Session_keys_agree_at_any_offset_and_in_place()
    {
        Gen.Select(Key32, Text, Gen.Long[0, long.MaxValue], Gen.Int[0, 40]).Sample((key, text, counter, offset) =>
        {
            AeadKey portable = new PortableSuite().CreateAeadKey(key, 0), sodium = new SodiumSuite().CreateAeadKey(key, 0);
            byte[] a = new byte[offset + text.Length + 16], b = new byte[offset + text.Length + 16];
            text.CopyTo(a, offset);
            portable.Seal(counter, a, offset, text.Length, a, offset);
            sodium.Seal(counter, text, 0, text.Length, b, offset);
            Assert.Equal(b, a);

            byte[] opened = new byte[text.Length];
            Assert.True(sodium.Open(counter, a, offset, text.Length + 16, opened, 0));
            Assert.Equal(text, opened);
            Assert.False(portable.Open(counter ^ 1, b, offset, text.Length + 16, opened, 0));
            Assert.True(portable.Open(counter, b, offset, text.Length + 16, b, offset));
            Assert.Equal(text, b[offset..^16]);
            sodium.Wipe();
        }, iter: 400);
    }

    [Fact]
    public void XChaCha20Poly1305_agrees_with_associated_data()
    {
        Gen.Select(Key32, Gen.Byte.Array[24], Text, Gen.Byte.Array[0, 70]).Sample((key, nonce, text, ad) =>
        {
            using Key reference = Key.Import(AeadAlgorithm.XChaCha20Poly1305, key, KeyBlobFormat.RawSymmetricKey);
            byte[] box = new byte[text.Length + 16];
            XChaCha20Poly1305.Seal(key, 0, nonce, 0, ad, 0, ad.Length, text, 0, text.Length, box, 0);
            Assert.Equal(AeadAlgorithm.XChaCha20Poly1305.Encrypt(reference, nonce, ad, text), box);
            Assert.True(XChaCha20Poly1305.Open(key, 0, nonce, 0, ad, 0, ad.Length, box, 0, box.Length, box, 0));
            Assert.Equal(text, box[..^16]);
        }, iter: 300);
    }

    [Fact]
    public void NaCl_boxes_agree()
    {
        Gen.Select(Key32, Key32, Gen.Byte.Array[24], Text).Sample((priv, pub, nonce, text) =>
        {
            byte[] key = new byte[32], mine = new byte[32], box = new byte[text.Length + 16], reference = new byte[text.Length + 16];
            Assert.Equal(0, crypto_box_beforenm(key, pub, priv));
            Assert.True(NaClBox.Precompute(new PortableSuite(), priv, pub, mine));
            Assert.Equal(key, mine);
            NaClBox.Seal(key, nonce, 0, text, 0, text.Length, box, 0);
            Assert.Equal(0, crypto_box_easy_afternm(reference, text, (ulong)text.Length, nonce, key));
            Assert.Equal(reference, box);

            byte[] opened = new byte[text.Length];
            Assert.True(NaClBox.Open(key, nonce, 0, box, 0, box.Length, opened, 0));
            Assert.Equal(text, opened);
        }, iter: 300);
    }
}
