using System;
using System.Text;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>The handshake of both sides, with the bytes of data-plane.md section 12.2.</summary>
public class HandshakeTests
{
    const string ServerKeyBytes = "010000002844455250f09f94913a553d74792d727efa9b9a4cde3da1ad93f1a2d0c09cb639b1a3c0fda14cbe24";

    const string ClientInfoBytes =
        "020000006807a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c101112131415161718191a1b1c1d1e1f202122232425262712"
        + "36259c20bb251eccd708b685b4095d4818d18817eb2d371db66564d646872f2768c4f11cc74aa57ccd5dc3ed6582f1";

    static readonly SodiumSuite Suite = new();

    static byte[] BodyOf(byte[] frame) => frame[DerpFrames.HeaderSize..];

    [Fact]
    public void The_relays_key_is_written_as_the_vector_has_it()
    {
        using NodePrivateKey key = TestKeys.Key(0xc1);
        using ServerHandshake server = new(Suite, new TestKeys.CountingRandom(), key);
        Assert.Equal(ServerKeyBytes, Convert.ToHexStringLower(server.WriteServerKey()));
    }

    [Fact]
    public void The_clients_info_is_written_as_the_vector_has_it()
    {
        using NodePrivateKey key = TestKeys.Key(1);
        using ClientHandshake client = new(Suite, new TestKeys.CountingRandom(), key);
        Assert.Equal(HandshakeFault.None, client.ReceiveServerKey(BodyOf(Convert.FromHexString(ServerKeyBytes))));
        Assert.Equal(ClientInfoBytes, Convert.ToHexStringLower(client.WriteClientInfo(new() { CanAckPings = true })));
    }

    [Fact]
    public void The_relay_reads_the_vectors_info_and_answers_what_only_that_client_can_read()
    {
        using NodePrivateKey serverKey = TestKeys.Key(0xc1), clientKey = TestKeys.Key(1);
        using ServerHandshake server = new(Suite, new TestKeys.SeededRandom(2), serverKey);
        Assert.Equal(HandshakeFault.None, server.ReceiveClientInfo(BodyOf(Convert.FromHexString(ClientInfoBytes))));
        Assert.Equal(clientKey.PublicKey, server.ClientKey);
        Assert.Equal(2, server.Client!.Version);
        Assert.True(server.Client.CanAckPings);

        byte[] answer = server.WriteServerInfo(new() { TokenBucketBytesPerSecond = 5_000_000, TokenBucketBytesBurst = 70_000 });
        using ClientHandshake client = new(Suite, new TestKeys.SeededRandom(3), clientKey);
        Assert.Equal(HandshakeFault.OutOfOrder, client.ReceiveServerInfo(BodyOf(answer)));
        Assert.Equal(HandshakeFault.None, client.Start(serverKey.PublicKey));
        Assert.Equal(HandshakeFault.None, client.ReceiveServerInfo(BodyOf(answer)));
        Assert.Equal(5_000_000, client.Server!.TokenBucketBytesPerSecond);

        using NodePrivateKey otherKey = TestKeys.Key(0x41);
        using ClientHandshake other = new(Suite, new TestKeys.SeededRandom(3), otherKey);
        Assert.Equal(HandshakeFault.None, other.Start(serverKey.PublicKey));
        Assert.Equal(HandshakeFault.NotGenuine, other.ReceiveServerInfo(BodyOf(answer)));
    }

    [Fact]
    public void Nobody_gets_in_under_a_key_he_does_not_hold()
    {
        using NodePrivateKey serverKey = TestKeys.Key(0xc1), thief = TestKeys.Key(0x41), victim = TestKeys.Key(1);
        using ClientHandshake client = new(Suite, new TestKeys.SeededRandom(4), thief);
        client.Start(serverKey.PublicKey);
        byte[] info = client.WriteClientInfo(new() { CanAckPings = true });
        victim.PublicKey.CopyTo(info.AsSpan(DerpFrames.HeaderSize));
        using ServerHandshake server = new(Suite, new TestKeys.SeededRandom(5), serverKey);
        Assert.Equal(HandshakeFault.NotGenuine, server.ReceiveClientInfo(BodyOf(info)));
        Assert.True(server.ClientKey.IsZero);
        Assert.Throws<InvalidOperationException>(() => server.WriteServerInfo(new()));
    }

    [Fact]
    public void Keys_that_share_no_secret_are_refused_on_both_sides()
    {
        using NodePrivateKey key = TestKeys.Key(1);
        using ClientHandshake client = new(Suite, new TestKeys.SeededRandom(4), key);
        byte[] smallOrder = new byte[32];
        smallOrder[0] = 1;
        Assert.Equal(HandshakeFault.BadKey, client.Start(NodePublicKey.FromBytes(smallOrder)));
        using ServerHandshake server = new(Suite, new TestKeys.SeededRandom(5), key);
        byte[] body = new byte[200];
        smallOrder.CopyTo(body, 0);
        Assert.Equal(HandshakeFault.BadKey, server.ReceiveClientInfo(body));
    }

    [Fact]
    public void Members_of_later_versions_are_ignored_and_a_text_that_is_no_info_is_malformed()
    {
        Assert.Equal(HandshakeFault.None, SendText("{\"version\":3,\"CanAckPings\":true,\"Later\":{\"a\":[1,2]}}"));
        foreach (string text in new[] { "", "null", "[]", "{", "{\"version\":\"two\"}", new string('[', 4000), "{\"version\":99999999999999999999}", "\0\0" })
        {
            Assert.Equal(HandshakeFault.Malformed, SendText(text));
        }
    }

    static HandshakeFault SendText(string text)
    {
        using NodePrivateKey serverKey = TestKeys.Key(0xc1), clientKey = TestKeys.Key(1);
        byte[] shared = new byte[32], plain = Encoding.UTF8.GetBytes(text), body = new byte[32 + 24 + 16 + plain.Length];
        clientKey.PublicKey.CopyTo(body);
        NaClBox.Precompute(Suite, clientKey.Bytes.ToArray(), serverKey.PublicKey.ToArray(), shared);
        NaClBox.Seal(shared, body, 32, plain, 0, plain.Length, body, 56);
        using ServerHandshake server = new(Suite, new TestKeys.SeededRandom(5), serverKey);
        return server.ReceiveClientInfo(body);
    }

    [Fact]
    public void Random_truncated_and_changed_infos_never_get_through_and_never_throw()
    {
        using NodePrivateKey serverKey = TestKeys.Key(0xc1), clientKey = TestKeys.Key(1);
        byte[] good = BodyOf(Convert.FromHexString(ClientInfoBytes)), key = BodyOf(Convert.FromHexString(ServerKeyBytes));
        Random random = new(11);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = i % 2 == 0 ? (byte[])good.Clone() : new byte[random.Next(300)];
            if (i % 2 == 0)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
            else
            {
                random.NextBytes(bytes);
            }

            using ServerHandshake server = new(Suite, new TestKeys.SeededRandom(5), serverKey);
            HandshakeFault fault = server.ReceiveClientInfo(bytes);

            // X25519 ignores the top bit of a public key: the same point, so the same secret, under a name that nobody has.
            Assert.True(fault != HandshakeFault.None || (bytes[31] ^ good[31]) == 0x80, $"round {i}");
            using ClientHandshake client = new(Suite, new TestKeys.SeededRandom(5), clientKey);
            client.ReceiveServerKey(bytes);
            client.ReceiveServerInfo(bytes);
        }

        for (int length = 0; length < good.Length; length++)
        {
            using ServerHandshake server = new(Suite, new TestKeys.SeededRandom(5), serverKey);
            Assert.NotEqual(HandshakeFault.None, server.ReceiveClientInfo(good.AsSpan(0, length)));
            using ClientHandshake client = new(Suite, new TestKeys.SeededRandom(5), clientKey);
            Assert.Equal(length < key.Length ? HandshakeFault.Malformed : HandshakeFault.None, client.ReceiveServerKey(key.AsSpan(0, Math.Min(length, key.Length))));
        }
    }

    [Fact]
    public void A_mesh_key_is_never_printed()
    {
        ClientInfo info = new() { MeshKey = new string('a', 64) };
        Assert.DoesNotContain("aaaa", info.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_extra_certificates_name_carries_the_relays_key()
    {
        using NodePrivateKey key = TestKeys.Key(0xc1);
        string name = DerpUpgrade.MetaCertificateName(key.PublicKey);
        Assert.Equal("derpkey3a553d74792d727efa9b9a4cde3da1ad93f1a2d0c09cb639b1a3c0fda14cbe24", name);
        Assert.True(DerpUpgrade.TryReadMetaCertificateName(name, out NodePublicKey read));
        Assert.Equal(key.PublicKey, read);
        foreach (string other in new[] { "", "derpkey", name[..^1], name + "0", "Derpkey" + name[7..], "derpkey" + new string('0', 64) })
        {
            Assert.False(DerpUpgrade.TryReadMetaCertificateName(other, out _));
        }
    }
}
