using System;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>The project's own known answers, protocol/data-plane.md section 12.2, whose keys are runs of consecutive bytes.</summary>
public class DataPlaneVectorTests
{
    public static TheoryData<CryptoSuite> Suites => [new PortableSuite(), new SodiumSuite()];

    static byte[] Hash(params byte[][] parts)
    {
        Blake2s hash = new(32, null);
        foreach (byte[] part in parts)
        {
            hash.Update(part, 0, part.Length);
        }

        byte[] output = new byte[32];
        hash.Finish(output, 0);
        return output;
    }

    [Fact]
    public void The_initial_chain_key_and_hash_of_WireGuard()
    {
        byte[] c0 = Hash("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"u8.ToArray());
        Assert.Equal("60e26daef327efc02ec335e2a025d2d016eb4206f87277f52d38d1988b78cd36", Hex.From(c0));
        Assert.Equal("2211b361081ac566691243db458ad5322d9c6c662293e8b70ee19c65ba079ef3", Hex.From(Hash(c0, "WireGuard v1 zx2c4 Jason@zx2c4.com"u8.ToArray())));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Public_keys_of_every_private_key_in_the_table(CryptoSuite suite)
    {
        (int First, string Public)[] table =
        [
            (0x01, "07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c"),
            (0x21, "5869aff450549732cbaaed5e5df9b30a6da31cb0e5742bad5ad4a1a768f1a67b"),
            (0x41, "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466"),
            (0x61, "244fe3b963e899dd295baffce248d3530f3a9a7479ba063002680ebfe7adad49"),
            (0x81, "883186b800b41d5cf0429695da9b3cc4f328ebcd184a6e482fa578c103f06c77"),
            (0xa1, "ad438bfae31f6c093d61d4339255ea798092c9fadd07b97827f4b0ae9dee7c1c"),
            (0xc1, "3a553d74792d727efa9b9a4cde3da1ad93f1a2d0c09cb639b1a3c0fda14cbe24"),
        ];
        foreach ((int first, string expected) in table)
        {
            byte[] output = new byte[32];
            suite.PublicKey(Hex.Run(first, 32), output);
            Assert.Equal(expected, Hex.From(output));
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_disco_ping_from_A_to_B_is_the_known_datagram(CryptoSuite suite)
    {
        const string Datagram = "5453f09f92ac883186b800b41d5cf0429695da9b3cc4f328ebcd184a6e482fa578c103f06c771011"
            + "12131415161718191a1b1c1d1e1f2021222324252627938398ac46cdec98e338186da9042b8fedb6"
            + "2dc14fc171f33e93cdac65c38c01a2c3fee64a64601adaf43bf5977a5d5dd41507db284c048beeb3d6e85c35";
        byte[] a = Hex.Run(0x81, 32), b = Hex.Run(0xa1, 32), aPublic = new byte[32], bPublic = new byte[32], nodePublic = new byte[32];
        suite.PublicKey(a, aPublic);
        suite.PublicKey(b, bPublic);
        suite.PublicKey(Hex.Run(0x01, 32), nodePublic);

        byte[] shared = new byte[32], sharedByB = new byte[32];
        Assert.True(NaClBox.Precompute(suite, a, bPublic, shared));
        Assert.True(NaClBox.Precompute(suite, b, aPublic, sharedByB));
        Assert.Equal("d42b41c2bcb66370c3ec71513e51d4a462c0a569703464a0130572f4ed17e406", Hex.From(shared));
        Assert.Equal(shared, sharedByB);

        byte[] text = [1, 0, .. Hex.Run(1, 12), .. nodePublic];
        byte[] box = new byte[text.Length + NaClBox.TagSize];
        NaClBox.Seal(shared, Hex.Run(0x10, 24), 0, text, 0, text.Length, box, 0);
        Assert.Equal(Datagram, Hex.From([.. Hex.Of("5453f09f92ac"), .. aPublic, .. Hex.Run(0x10, 24), .. box]));

        byte[] opened = new byte[text.Length];
        Assert.True(NaClBox.Open(shared, Hex.Of(Datagram), 38, Hex.Of(Datagram), 62, box.Length, opened, 0));
        Assert.Equal(text, opened);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_DERP_ClientInfo_is_the_known_frame(CryptoSuite suite)
    {
        const string Frame = "020000006807a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c101112"
            + "131415161718191a1b1c1d1e1f20212223242526271236259c20bb251eccd708b685b4095d4818d1"
            + "8817eb2d371db66564d646872f2768c4f11cc74aa57ccd5dc3ed6582f1";
        byte[] client = Hex.Run(0x01, 32), clientPublic = new byte[32], serverPublic = new byte[32], shared = new byte[32];
        suite.PublicKey(client, clientPublic);
        suite.PublicKey(Hex.Run(0xc1, 32), serverPublic);
        Assert.True(NaClBox.Precompute(suite, client, serverPublic, shared));
        byte[] text = "{\"version\":2,\"CanAckPings\":true}"u8.ToArray(), box = new byte[text.Length + 16];
        NaClBox.Seal(shared, Hex.Run(0x10, 24), 0, text, 0, text.Length, box, 0);
        Assert.Equal(Frame, Hex.From([.. Hex.Of("0200000068"), .. clientPublic, .. Hex.Run(0x10, 24), .. box]));
    }

    [Fact]
    public void A_keepalive_under_the_session_key_of_the_table_is_the_known_datagram()
    {
        byte[] key = Hex.Of("c5f330b6dc92c8bd4124800733b33cd9d7e5dd2ac8c782e1b558f9b2b60804d8"), tag = new byte[16];
        foreach (CryptoSuite suite in new CryptoSuite[] { new PortableSuite(), new SodiumSuite() })
        {
            suite.CreateAeadKey(key, 0).Seal(0, [], 0, 0, tag, 0);
            Assert.Equal("fd3ffdf38f1bfad20a6fdb169d83d3d3", Hex.From(tag));
        }
    }
}
