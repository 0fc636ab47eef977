using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>Every case of Project Wycheproof for the three algorithms, on each implementation.</summary>
public class WycheproofTests
{
    static List<JsonElement> Cases(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedVectors.PathOf("wycheproof/" + file)));
        List<JsonElement> cases = [];
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                cases.Add(test.Clone());
            }
        }

        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), cases.Count);
        return cases;
    }

    static byte[] Bytes(JsonElement test, string name) => Hex.Of(test.GetProperty(name).GetString()!);

    static string Name(JsonElement test) => $"case {test.GetProperty("tcId").GetInt32()}: {test.GetProperty("comment").GetString()}";

    [Fact]
    public void X25519_agrees_on_every_point_and_refuses_an_all_zero_secret()
    {
        CryptoSuite[] suites = [new PortableSuite(), new SodiumSuite()];
        foreach (JsonElement test in Cases("x25519_test.json"))
        {
            byte[] expected = Bytes(test, "shared"), output = new byte[32];
            X25519.ScalarMult(output, 0, Bytes(test, "private"), 0, Bytes(test, "public"), 0);
            Assert.True(expected.AsSpan().SequenceEqual(output), Name(test));
            foreach (CryptoSuite suite in suites)
            {
                bool accepted = suite.SharedSecret(Bytes(test, "private"), Bytes(test, "public"), output);
                Assert.True(accepted == !ConstantTime.IsZero(expected, 0, 32), Name(test));
                Assert.True(expected.AsSpan().SequenceEqual(output), Name(test));
            }
        }
    }

    [Fact]
    public void ChaCha20Poly1305_seals_and_opens_every_valid_case_and_no_other()
    {
        CheckAead("chacha20_poly1305_test.json", 12, ChaCha20Poly1305.Seal, ChaCha20Poly1305.Open);
    }

    [Fact]
    public void XChaCha20Poly1305_seals_and_opens_every_valid_case_and_no_other()
    {
        CheckAead("xchacha20_poly1305_test.json", 24, XChaCha20Poly1305.Seal, XChaCha20Poly1305.Open);
    }

    delegate void Sealer(byte[] key, int keyOff, byte[] nonce, int nonceOff, byte[] ad, int adOff, int adLen, byte[] plain, int off, int len, byte[] output, int outOff);

    delegate bool Opener(byte[] key, int keyOff, byte[] nonce, int nonceOff, byte[] ad, int adOff, int adLen, byte[] cipher, int off, int len, byte[] output, int outOff);

    static void CheckAead(string file, int nonceSize, Sealer seal, Opener open)
    {
        int checkedCases = 0;
        foreach (JsonElement test in Cases(file))
        {
            byte[] key = Bytes(test, "key"), nonce = Bytes(test, "iv"), ad = Bytes(test, "aad"), plain = Bytes(test, "msg");
            byte[] box = [.. Bytes(test, "ct"), .. Bytes(test, "tag")];
            bool valid = test.GetProperty("result").GetString() == "valid";
            if (nonce.Length != nonceSize)
            {
                Assert.False(valid, Name(test));
                if (nonce.Length < nonceSize)
                {
                    Assert.Throws<ArgumentException>(() => seal(key, 0, nonce, 0, ad, 0, ad.Length, plain, 0, plain.Length, new byte[plain.Length + 16], 0));
                }

                continue;
            }

            byte[] opened = new byte[plain.Length];
            Assert.True(open(key, 0, nonce, 0, ad, 0, ad.Length, box, 0, box.Length, opened, 0) == valid, Name(test));
            if (valid)
            {
                Assert.True(opened.AsSpan().SequenceEqual(plain), Name(test));
                byte[] sealedBytes = new byte[box.Length];
                seal(key, 0, nonce, 0, ad, 0, ad.Length, plain, 0, plain.Length, sealedBytes, 0);
                Assert.True(sealedBytes.AsSpan().SequenceEqual(box), Name(test));
            }
            else
            {
                Assert.True(ConstantTime.IsZero(opened, 0, opened.Length), Name(test));
            }

            checkedCases++;
        }

        Assert.True(checkedCases > 250);
    }
}
