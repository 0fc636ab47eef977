using System;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Disco.Tests;

/// <summary>What somebody without the keys can do: nothing but cost a bounded little.</summary>
public sealed class AttackTests : IDisposable
{
    const string Home = "192.168.1.2:41641", Evil = "203.0.113.66:666";

    readonly VirtualWire wire = new(1);
    readonly TestNode a, b;

    public AttackTests()
    {
        a = new TestNode(wire, 1, "192.168.1.1:41641");
        b = new TestNode(wire, 2, Home);
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    (DiscoPeer Peer, byte[] Ping, byte[] Pong) Exchange()
    {
        DiscoPeer peer = a.Meet(b);
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(1, a, b);
        wire.LoseWhatIsUnderWay();
        byte[] ping = wire.Sent[0].Bytes, pong = wire.Sent[1].Bytes;
        return (peer, ping, pong);
    }

    [Fact]
    public void A_pong_counts_once_and_only_from_the_address_that_was_asked()
    {
        (DiscoPeer peer, _, byte[] pong) = Exchange();
        Assert.Equal(DiscoFault.UnaskedPong, a.Take(pong, Evil));
        Assert.Null(peer.Best);
        Assert.Equal(DiscoFault.None, a.Take(pong, Home));
        Assert.Equal(VirtualWire.Endpoint(Home), peer.Best);
        Assert.Equal(DiscoFault.UnaskedPong, a.Take(pong, Home));
        Assert.Equal(DiscoFault.UnaskedPong, a.Take(pong, Evil));
        Assert.Equal(VirtualWire.Endpoint(Home), peer.Best);
    }

    [Fact]
    public void Another_peer_cannot_answer_in_its_place()
    {
        // A third node of the tailnet that saw the transaction somehow, and sits at the very address.
        (DiscoPeer peer, byte[] ping, _) = Exchange();
        using TestNode third = new(wire, 3, Evil);
        a.Know(third);
        third.Know(a);
        byte[] shared = new byte[32], plain = new byte[64];
        NaClBox.Precompute(new SodiumSuite(), b.Key.Bytes.ToArray(), a.Key.PublicKey.ToArray(), shared);
        Assert.True(NaClBox.Open(shared, ping, 38, ping, 62, ping.Length - 62, plain, 0));
        PingMessage.TryRead(plain.AsSpan(2, 44), out PingMessage seen);
        byte[] forged = Sealed(third.Key, a.Key.PublicKey, m => new PongMessage(seen.Transaction, VirtualWire.Endpoint(a.At)).Write(m));
        Assert.Equal(DiscoFault.UnaskedPong, a.Take(forged, Home));
        Assert.Null(peer.Best);

        // With b's name on it, but without b's key.
        b.Key.PublicKey.CopyTo(forged.AsSpan(6));
        Assert.Equal(DiscoFault.Forged, a.Take(forged, Home));
        Assert.Null(peer.Best);
    }

    [Fact]
    public void A_late_pong_proves_nothing()
    {
        (DiscoPeer peer, _, byte[] pong) = Exchange();
        wire.Dead.Add(Home);
        wire.Dead.Add(a.At);
        wire.Pass(50_000, a, b);
        Assert.Equal(DiscoFault.UnaskedPong, a.Take(pong, Home));
    }

    [Fact]
    public void Every_flipped_bit_and_every_cut_is_dropped()
    {
        (DiscoPeer peer, byte[] ping, byte[] pong) = Exchange();
        int answered = b.Pings.Count;
        foreach ((byte[] original, TestNode to, string from) in new[] { (pong, a, Home), (ping, b, a.At) })
        {
            for (int bit = 0; bit < original.Length * 8; bit++)
            {
                byte[] damaged = [.. original];
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(DiscoFault.None, to.Take(damaged, from));
                wire.Pass(50);
            }

            for (int length = 0; length < original.Length; length++)
            {
                Assert.NotEqual(DiscoFault.None, to.Take(original[..length], from));
                wire.Pass(50);
            }
        }

        Assert.Null(peer.Best);
        Assert.Equal(answered, b.Pings.Count);
    }

    [Fact]
    public void Noise_with_the_magic_neither_crashes_nor_answers()
    {
        (DiscoPeer peer, _, _) = Exchange();
        Random random = new(5);
        int sent = wire.Sent.Count;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] noise = new byte[random.Next(6, 3000)];
            random.NextBytes(noise);
            DiscoDatagram.Magic.CopyTo(noise);
            if (noise.Length >= 38 && i % 2 == 0)
            {
                b.Key.PublicKey.CopyTo(noise.AsSpan(6));
            }

            Assert.NotEqual(DiscoFault.None, a.Take(noise, Home));
        }

        Assert.Equal(sent, wire.Sent.Count);
        Assert.Null(peer.Best);
    }

    [Fact]
    public void Genuine_messages_of_unknown_types_and_short_ones_are_counted_and_ignored()
    {
        a.Know(b);
        for (int type = 0; type < 256; type++)
        {
            byte[] odd = Sealed(b.Key, a.Key.PublicKey, m => { m[0] = (byte)type; m[1] = 9; return 2; });
            DiscoFault expected = type switch { 1 or 2 => DiscoFault.Malformed, 3 => DiscoFault.NotByRelay, _ => DiscoFault.UnknownType };
            Assert.Equal(expected, a.Take(odd, Home));
            wire.Pass(100);
        }

        Assert.Equal(253, a.Device.DropCount(DiscoFault.UnknownType));
        Assert.Empty(wire.Sent);
    }

    [Fact]
    public void Whatever_a_genuine_peer_seals_is_obeyed_or_counted_and_turns_nothing_aside()
    {
        (DiscoPeer peer, _, byte[] pong) = Exchange();
        Assert.Equal(DiscoFault.None, a.Take(pong, Home));
        Random random = new(7);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] plain = new byte[random.Next(0, 128)];
            random.NextBytes(plain);
            if (plain.Length > 1)
            {
                (plain[0], plain[1]) = ((byte)random.Next(0, 11), (byte)(random.Next(4) / 3));
            }

            byte[] message = Sealed(b.Key, a.Key.PublicKey, m =>
            {
                plain.CopyTo(m);
                return plain.Length;
            });
            int sent = wire.Sent.Count;
            if (i % 2 == 0)
            {
                a.Take(message, Evil);
            }
            else
            {
                a.TakeRelayed(message, 900, b.NodeKey);
            }

            // A pong to a ping, a ping to a place that is new, pings to the few places of a call.
            Assert.InRange(wire.Sent.Count - sent, 0, 2 + (128 / 18));
            Assert.Equal(VirtualWire.Endpoint(Home), peer.Best);
            wire.Pass(50, a);
        }
    }

    [Fact]
    public void A_hundred_thousand_pings_cost_a_bounded_number_of_boxes_and_answers()
    {
        b.Know(a);
        byte[] ping = Sealed(a.Key, b.Key.PublicKey, m => new PingMessage(new TransactionId(1, 2), a.NodeKey).Write(m));
        for (int i = 0; i < 100_000; i++)
        {
            b.Take(ping, Evil);
        }

        DiscoLimits limits = new();
        Assert.Equal(limits.OpensPerSenderPerSecond * 2, b.Device.Opened);
        Assert.Equal(limits.OpensPerSenderPerSecond * 2, b.Device.PongsSent);
        Assert.Equal(1, b.Device.SecretsComputed);
        Assert.True(wire.Sent.All(d => d.Bytes.Length <= ping.Length), "an answer is never longer than what it answers");

        // Strangers cost nothing at all, and the flood of one does not silence another.
        using TestNode stranger = new(wire, 3, Evil);
        byte[] unknown = Sealed(stranger.Key, b.Key.PublicKey, m => new PingMessage(new TransactionId(1, 2), a.NodeKey).Write(m));
        for (int i = 0; i < 100_000; i++)
        {
            Assert.Equal(DiscoFault.UnknownSender, b.Take(unknown, Evil));
        }

        Assert.Equal(1, b.Device.SecretsComputed);
        b.Know(stranger);
        Assert.Equal(DiscoFault.None, b.Take(unknown, Evil));
        wire.Pass(1_000);
        Assert.Equal(DiscoFault.None, b.Take(ping, Evil));
    }

    [Fact]
    public void Many_known_senders_at_once_are_bounded_in_secrets_and_in_memory()
    {
        DiscoLimits limits = new() { MostSecrets = 32 };
        using TestNode target = new(wire, 4, "192.168.1.4:1", limits);
        SeededRandom random = new(6);
        for (int i = 0; i < 1000; i++)
        {
            using TestNode one = new(wire, 10 + i, Evil);
            target.Know(one);
            byte[] ping = Sealed(one.Key, target.Key.PublicKey, m => new PingMessage(new TransactionId(1, 2), one.NodeKey).Write(m));
            target.Take(ping, Evil);
            target.Take(ping, Evil);
        }

        Assert.Equal(limits.SecretsPerSecond, target.Device.SecretsComputed);
        Assert.Equal(32, target.Device.SecretsKept);
    }

    [Fact]
    public void A_key_of_small_order_is_refused_both_ways()
    {
        DiscoPublicKey bad = DiscoPublicKey.FromBytes([1, .. new byte[31]]);
        DiscoPeer peer = a.Device.Add(bad, TestNode.Pack(Home));
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(60_000, a, b);
        Assert.Empty(wire.Sent);
        Assert.Equal(long.MaxValue, a.Device.NextWakeMs);
    }

    [Fact]
    public void Secrets_print_nothing_and_are_wiped()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)7, 32)];
        Correspondent one = new(bytes, new DiscoLimits());
        Assert.Equal("[redacted]", one.ToString());
        one.Dispose();
        Assert.All(bytes, static x => Assert.Equal(0, x));
        (_, _, _) = Exchange();
        a.Device.Dispose();
        Assert.Equal(0, a.Device.SecretsKept);
    }

    delegate int Writer(Span<byte> message);

    static byte[] Sealed(DiscoPrivateKey from, DiscoPublicKey to, Writer write)
    {
        byte[] shared = new byte[32], message = new byte[128];
        NaClBox.Precompute(new SodiumSuite(), from.Bytes.ToArray(), to.ToArray(), shared);
        int length = write(message);
        byte[] datagram = new byte[62 + 16 + length];
        DiscoDatagram.Magic.CopyTo(datagram);
        from.PublicKey.CopyTo(datagram.AsSpan(6));
        NaClBox.Seal(shared, datagram, 38, message, 0, length, datagram, 62);
        return datagram;
    }
}
