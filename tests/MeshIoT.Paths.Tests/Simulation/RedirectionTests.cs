using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using Xunit;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>
/// Nobody can turn a peer's traffic aside without the peer's keys: whatever is forged, replayed or handed on, from wherever and by whatever
/// relay, packets go where they went.
/// </summary>
public sealed class RedirectionTests : IDisposable
{
    const string Evil = "198.51.100.66";

    readonly VirtualNet net = new(1);
    readonly VirtualNode a, b;
    readonly Listener evil;
    readonly List<(byte[] Bytes, Place To)> overheard = [];

    public RedirectionTests()
    {
        net.Relays.Start(1);
        a = new VirtualNode(net, 1, net.Internet, "203.0.113.1", 10);
        b = new VirtualNode(net, 2, net.Internet, "203.0.113.2", 10);
        evil = new Listener();
        net.Internet.Attach(evil, Place.Ip(Evil));
        a.Relay.SetHome(1);
        b.Relay.SetHome(1);
        net.Pass(500);
        a.Learn(b);
        b.Learn(a);
        a.Udp.Tap = (bytes, to) => overheard.Add((bytes, to));
        b.Udp.Tap = (bytes, to) => overheard.Add((bytes, to));
        a.Host.Talk(b, 100);
        net.Pass(3_000);
        Assert.True(a.IsDirectTo(b) && b.IsDirectTo(a));
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    void StillOnItsPath(string after)
    {
        a.Host.Mark();
        int before = evil.Heard.Count;
        net.Pass(2_000);
        Assert.True(a.Host.GapMs <= 250, $"stalled {a.Host.GapMs} ms after {after}");
        Assert.True(a.IsDirectTo(b), after);
        Assert.Equal("203.0.113.2:41641", a.CellOf(b)!.EndpointForPeople!.ToString());
        Assert.Equal("203.0.113.1:41641", b.CellOf(a)!.EndpointForPeople!.ToString());
        Assert.True(evil.Heard.Skip(before).All(static bytes => !IsData(bytes)), "data went to the attacker after " + after);
    }

    static bool IsData(byte[] bytes) => bytes.Length > 32 && bytes[0] == 4 && bytes[1] == 0;

    [Fact]
    public void Everything_that_was_ever_sent_comes_again_from_another_address()
    {
        foreach ((byte[] bytes, Place to) in overheard.ToArray())
        {
            (to.Address == a.Address ? a : b).Deliver(bytes, Place.Of(Evil + ":666"), to);
            net.Pass(1);
        }

        StillOnItsPath("a replay of everything");
    }

    [Fact]
    public void Everything_that_was_ever_sent_comes_again_by_relay_in_the_peers_and_in_anothers_name()
    {
        using VirtualNode third = new(net, 3, net.Internet, "203.0.113.3", 10);
        third.Relay.SetHome(1);
        a.Learn(third);
        b.Learn(third);
        net.Pass(500);
        foreach ((byte[] bytes, Place to) in overheard.ToArray())
        {
            VirtualNode at = to.Address == a.Address ? a : b;
            at.Relay.Arrive(1, (at == a ? b : a).Key.PublicKey, [.. bytes]);
            at.Relay.Arrive(1, third.Key.PublicKey, [.. bytes]);
            at.Relay.Arrive(1, NodePublicKey.FromBytes([.. new byte[31], 3]), [.. bytes]);
            net.Pass(1);
        }

        StillOnItsPath("a replay of everything by relay");
    }

    [Fact]
    public void A_third_node_of_the_tailnet_cannot_speak_for_the_peer_with_its_own_keys()
    {
        // It calls, by relay, with the attacker's address, in its own name and in the peer's; and answers and asks from there.
        using VirtualNode third = new(net, 3, net.Internet, "203.0.113.3", 10);
        third.Relay.SetHome(1);
        a.Learn(third);
        third.Learn(a);
        net.Pass(500);
        byte[] call = Sealed(third.Disco, a.Disco.PublicKey, m => new CallMeMaybeMessage(Place.Of(Evil + ":666").ToBytes()).Write(m));
        byte[] ping = Sealed(third.Disco, a.Disco.PublicKey, m => new PingMessage(new TransactionId(1, 2), b.Key.PublicKey).Write(m));
        byte[] asB = [.. call];
        b.Disco.PublicKey.CopyTo(asB.AsSpan(6));
        a.Relay.Arrive(1, b.Key.PublicKey, call);
        a.Relay.Arrive(1, b.Key.PublicKey, asB);
        a.Relay.Arrive(1, third.Key.PublicKey, call);
        a.Deliver(ping, Place.Of(Evil + ":666"), a.Here);
        a.Deliver(call, Place.Of(Evil + ":666"), a.Here);
        StillOnItsPath("calls and pings of another node");
    }

    [Fact]
    public void A_genuine_packet_that_somebody_overtakes_from_his_own_address_arrives_and_moves_nothing()
    {
        // He sits on the way, holds packets back and sends them on himself.
        bool holds = true;
        b.Udp.Tap = (bytes, to) =>
        {
            if (holds && IsData(bytes))
            {
                a.Deliver([.. bytes], Place.Of(Evil + ":666"), to);
            }
        };
        net.Pass(2_000);
        holds = false;
        StillOnItsPath("overtaking");
    }

    [Fact]
    public void With_the_direct_path_cut_the_replayer_still_gets_no_data()
    {
        // The worst moment: nothing answers where the peer was. All that he can make us believe is that we should ask.
        Nat wall = net.AddNat(net.Internet, "203.0.113.9", NatKind.Blocked);
        net.Insides[wall].Attach(b, Place.Ip("192.168.9.2"));
        for (int i = 0; i < 20; i++)
        {
            foreach ((byte[] bytes, Place to) in overheard.TakeLast(200).ToArray())
            {
                if (to.Address == a.Address)
                {
                    a.Deliver([.. bytes], Place.Of(Evil + ":666"), to);
                }
            }

            net.Pass(500);
        }

        Assert.DoesNotContain(evil.Heard, IsData);
        a.Host.Mark();
        net.Pass(2_000);
        Assert.InRange(a.Host.GapMs, 0, 300);
    }

    delegate int Writer(Span<byte> message);

    static byte[] Sealed(DiscoPrivateKey from, DiscoPublicKey to, Writer write)
    {
        byte[] shared = new byte[32], message = new byte[128];
        NaClBox.Precompute(new SodiumSuite(), from.Bytes.ToArray(), to.ToArray(), shared);
        int length = write(message);
        byte[] datagram = new byte[62 + 16 + length];
        byte[] magic = [0x54, 0x53, 0xF0, 0x9F, 0x92, 0xAC];
        magic.CopyTo(datagram, 0);
        from.PublicKey.CopyTo(datagram.AsSpan(6));
        NaClBox.Seal(shared, datagram, 38, message, 0, length, datagram, 62);
        return datagram;
    }

    sealed class Listener : Attachment
    {
        public List<byte[]> Heard { get; } = [];

        public override void Deliver(byte[] bytes, Place from, Place to) => Heard.Add(bytes);
    }
}
