using System;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>ChaCha20, Poly1305 and their AEAD, RFC 8439; HChaCha20 and the XChaCha AEAD, draft-irtf-cfrg-xchacha-03.</summary>
public class Rfc8439Tests
{
    const string Sunscreen = "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e";

    static byte[] Tag(string key, byte[] message)
    {
        byte[] k = Hex.Of(key), tag = new byte[16];
        uint[] words = new uint[8];
        Buffer.BlockCopy(k, 0, words, 0, 32);
        Poly1305 poly = new();
        poly.Start(words);
        poly.UpdateLast(message, 0, message.Length);
        poly.Finish(tag, 0);
        return tag;
    }

    [Fact]
    public void Section_2_3_2_the_block_function()
    {
        uint[] state = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c, 1, 0x09000000, 0x4a000000, 0];
        uint[] words = new uint[16];
        ChaChaPermutation.Permute(state, words, true);
        byte[] stream = new byte[64];
        StreamXor.Write(words, 16, stream, 0);
        Assert.Equal("10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e", Hex.From(stream));
    }

    [Fact]
    public void Section_2_5_2_a_Poly1305_tag()
    {
        Assert.Equal("a8061dc1305136c6c22b8baf0c0127a9", Hex.From(Tag("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", "Cryptographic Forum Research Group"u8.ToArray())));
    }

    [Theory]
    [InlineData("02000000000000000000000000000000", "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "02000000000000000000000000000000", "03000000000000000000000000000000")]
    [InlineData("01000000000000000000000000000000", "00000000000000000000000000000000", "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000", "05000000000000000000000000000000")]
    [InlineData("01000000000000000000000000000000", "00000000000000000000000000000000", "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101", "00000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000", "00000000000000000000000000000000", "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff")]
    [InlineData("01000000000000000400000000000000", "00000000000000000000000000000000", "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000000000000000000001000000000000000000000000000000", "14000000000000005500000000000000")]
    [InlineData("01000000000000000400000000000000", "00000000000000000000000000000000", "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000", "13000000000000000000000000000000")]
    public void Appendix_A_3_carries_at_the_edge_of_the_prime(string r, string s, string message, string tag)
    {
        Assert.Equal(tag, Hex.From(Tag(r + s, Hex.Of(message))));
    }

    [Fact]
    public void Section_2_8_2_the_AEAD()
    {
        byte[] key = Hex.Run(0x80, 32), nonce = Hex.Of("070000004041424344454647"), ad = Hex.Of("50515253c0c1c2c3c4c5c6c7"), text = Hex.Of(Sunscreen);
        byte[] box = new byte[text.Length + 16];
        ChaCha20Poly1305.Seal(key, 0, nonce, 0, ad, 0, ad.Length, text, 0, text.Length, box, 0);
        Assert.StartsWith("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6", Hex.From(box), StringComparison.Ordinal);
        Assert.EndsWith("1ae10b594f09e26a7e902ecbd0600691", Hex.From(box), StringComparison.Ordinal);
    }

    [Fact]
    public void Appendix_A_5_a_message_opens()
    {
        byte[] key = Hex.Of("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0"), nonce = Hex.Of("000000000102030405060708"), ad = Hex.Of("f33388860000000000004e91");
        byte[] box = Hex.Of("64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709beead9d67890cbb22392336fea1851f38");
        byte[] text = new byte[box.Length - 16];
        Assert.True(ChaCha20Poly1305.Open(key, 0, nonce, 0, ad, 0, ad.Length, box, 0, box.Length, text, 0));
        Assert.StartsWith("Internet-Drafts are draft documents valid for a maximum of six months", System.Text.Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_section_2_2_1_HChaCha20()
    {
        byte[] subkey = new byte[32];
        XChaCha20Poly1305.HChaCha20(Hex.Run(0, 32), 0, Hex.Of("000000090000004a0000000031415927"), 0, subkey);
        Assert.Equal("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc", Hex.From(subkey));
    }

    [Fact]
    public void Draft_appendix_A_3_the_XChaCha_AEAD()
    {
        byte[] text = Hex.Of(Sunscreen), ad = Hex.Of("50515253c0c1c2c3c4c5c6c7"), box = new byte[text.Length + 16];
        XChaCha20Poly1305.Seal(Hex.Run(0x80, 32), 0, Hex.Run(0x40, 24), 0, ad, 0, ad.Length, text, 0, text.Length, box, 0);
        Assert.StartsWith("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb", Hex.From(box), StringComparison.Ordinal);
        Assert.EndsWith("c0875924c1c7987947deafd8780acf49", Hex.From(box), StringComparison.Ordinal);
    }
}
