using System;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>HMAC and KDF over BLAKE2s: the vectors of wireguard-go device/kdf_test.go and the definition of RFC 2104.</summary>
public class KdfTests
{
    [Theory]
    [InlineData("test-key", "test-input", "6f0e5ad38daba1bea8a0d213688736f19763239305e0f58aba697f9ffc41c633", "df1194df20802a4fe594cde27e92991c8cae66c366e8106aaa937a55fa371e8a", "fac6e2745a325f5dc5d11a5b165aad08b0ada28e7b4e666b7c077934a4d76c24")]
    [InlineData("wireguard", "wireguard", "491d43bbfdaa8750aaf535e334ecbfe5129967cd64635101c566d4caefda96e8", "1e71a379baefd8a79aa4662212fcafe19a23e2b609a3db7d6bcba8f560e3d25f", "31e1ae48bddfbe5de38f295e5452b1909a1b4e38e183926af3780b0c1e1f0160")]
    [InlineData("", "", "8387b46bf43eccfcf349552a095d8315c4055beb90208fb1be23b894bc2ed5d0", "58a0e5f6faefccf4807bff1f05fa8a9217945762040bcec2f4b4a62bdfe0e86e", "0ce6ea98ec548f8e281e93e32db65621c45eb18dc6f0a7ad94178610a2f7338e")]
    public void The_published_outputs_of_KDF1_to_KDF3(string key, string input, string t1, string t2, string t3)
    {
        // HMAC pads a short key with zeros, so the 32-byte chain key of Noise stands for the shorter keys of the vectors.
        byte[] chain = new byte[32], data = System.Text.Encoding.ASCII.GetBytes(input);
        System.Text.Encoding.ASCII.GetBytes(key, chain);
        byte[] o1 = new byte[32], o2 = new byte[32], o3 = new byte[32];
        HkdfBlake2s.Derive(chain, data, 0, data.Length, o1, o2, o3);
        Assert.Equal(t1, Hex.From(o1));
        Assert.Equal(t2, Hex.From(o2));
        Assert.Equal(t3, Hex.From(o3));

        // Fewer outputs are the first of the same, and a chain key may be replaced by its successor in one call.
        byte[] only2 = new byte[32];
        HkdfBlake2s.Derive(chain, data, 0, data.Length, null, only2, null);
        Assert.Equal(t2, Hex.From(only2));
        HkdfBlake2s.Derive(chain, data, 0, data.Length, chain, null, null);
        Assert.Equal(t1, Hex.From(chain));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void HMAC_is_the_construction_of_RFC_2104_with_a_block_of_64_bytes(int keyLength)
    {
        byte[] key = Hex.Run(3, keyLength), message = Hex.Run(50, 77), block = new byte[64], code = new byte[32];
        if (keyLength > 64)
        {
            Blake2s.Hash(key, 0, keyLength, block, 0);
        }
        else
        {
            key.CopyTo(block, 0);
        }

        byte[] inner = Hash([.. Array.ConvertAll(block, b => (byte)(b ^ 0x36)), .. message]);
        byte[] expected = Hash([.. Array.ConvertAll(block, b => (byte)(b ^ 0x5c)), .. inner]);
        HmacBlake2s.Compute(key, 0, keyLength, message, 0, message.Length, code, 0);
        Assert.Equal(expected, code);
    }

    static byte[] Hash(byte[] message)
    {
        byte[] output = new byte[32];
        Blake2s.Hash(message, 0, message.Length, output, 0);
        return output;
    }
}
