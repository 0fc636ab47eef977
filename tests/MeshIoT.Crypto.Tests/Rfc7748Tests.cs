using System;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>X25519, RFC 7748 section 5.2 (products, iterations) and 6.1 (Diffie-Hellman).</summary>
public class Rfc7748Tests
{
    public static TheoryData<CryptoSuite> Suites => [new PortableSuite(), new SodiumSuite()];

    [Theory]
    [InlineData("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void Section_5_2_single_products(string scalar, string point, string expected)
    {
        byte[] output = new byte[32];
        X25519.ScalarMult(output, 0, Hex.Of(scalar), 0, Hex.Of(point), 0);
        Assert.Equal(expected, Hex.From(output));
    }

    [Fact]
    public void Section_5_2_one_and_a_thousand_iterations()
    {
        byte[] k = new byte[32], u = new byte[32], r = new byte[32];
        k[0] = u[0] = 9;
        for (int i = 1; i <= 1000; i++)
        {
            X25519.ScalarMult(r, 0, k, 0, u, 0);
            (u, k, r) = (k, r, u);
            if (i == 1)
            {
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Hex.From(k));
            }
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Hex.From(k));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Section_6_1_both_sides_find_the_same_secret(CryptoSuite suite)
    {
        byte[] alice = Hex.Of("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = Hex.Of("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] alicePublic = new byte[32], bobPublic = new byte[32], byAlice = new byte[32], byBob = new byte[32];
        suite.PublicKey(alice, alicePublic);
        suite.PublicKey(bob, bobPublic);
        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Hex.From(alicePublic));
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Hex.From(bobPublic));
        Assert.True(suite.SharedSecret(alice, bobPublic, byAlice));
        Assert.True(suite.SharedSecret(bob, alicePublic, byBob));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Hex.From(byAlice));
        Assert.Equal(byAlice, byBob);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_point_of_small_order_is_refused_with_a_zeroed_result(CryptoSuite suite)
    {
        // Bernstein, "Curve25519", the points of order 1, 2, 4 and 8 that fit in 255 bits.
        string[] points =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        foreach (string point in points)
        {
            byte[] output = Hex.Run(1, 32), box = Hex.Run(1, 32);
            Assert.False(suite.SharedSecret(Hex.Run(1, 32), Hex.Of(point), output));
            Assert.False(NaClBox.Precompute(suite, Hex.Run(1, 32), Hex.Of(point), box));
            Assert.True(ConstantTime.IsZero(output, 0, 32));
            Assert.True(ConstantTime.IsZero(box, 0, 32));
        }
    }

    [Fact]
    public void The_result_may_overwrite_scalar_or_point()
    {
        byte[] expected = new byte[32];
        X25519.ScalarMult(expected, 0, Hex.Run(1, 32), 0, Hex.Run(7, 32), 0);
        byte[] scalar = Hex.Run(1, 32), point = Hex.Run(7, 32);
        X25519.ScalarMult(scalar, 0, scalar, 0, Hex.Run(7, 32), 0);
        X25519.ScalarMult(point, 0, Hex.Run(1, 32), 0, point, 0);
        Assert.Equal(expected, scalar);
        Assert.Equal(expected, point);
    }
}
