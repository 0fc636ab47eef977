using System;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Disco.Tests;

/// <summary>Call-me-maybe and what else comes by relay: who may call, what a call sets off, and what it cannot.</summary>
public sealed class CallTests : IDisposable
{
    const string Near = "192.168.1.2:41641", Hidden = "203.0.113.2:4000", Nowhere = "198.51.100.9:9";
    const int Region = 900;

    readonly VirtualWire wire = new(1);
    readonly TestNode a, b;

    public CallTests()
    {
        a = new TestNode(wire, 1, "192.168.1.1:41641") { HasRelay = true };
        b = new TestNode(wire, 2, Near) { HasRelay = true };
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    // b tells a to ping it there.
    DiscoFault Call(DiscoPeer atB, params string[] places)
    {
        b.RelayedTo.Clear();
        Assert.True(b.Device.Call(atB, TestNode.Pack(places), wire.NowMs));
        return a.TakeRelayed(b.RelayedTo.Single(), Region, b.NodeKey);
    }

    (DiscoPeer AtA, DiscoPeer AtB) Introduce()
    {
        DiscoPeer atA = a.Meet(b, Nowhere), atB = b.Meet(a);
        a.Callers[b.NodeKey] = atA;
        return (atA, atB);
    }

    [Fact]
    public void A_call_has_the_caller_pinged_at_once_at_every_place_it_names_and_makes_no_call_in_return()
    {
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        Assert.Equal(DiscoFault.None, Call(atB, Near, Hidden));
        Assert.Contains(wire.Sent, static d => d.To == Near);
        Assert.Contains(wire.Sent, static d => d.To == Hidden);
        wire.Pass(100, a, b);
        Assert.Equal(VirtualWire.Endpoint(Near), atA.Best);
        Assert.Equal(0, a.Device.CallsSent);
        wire.Pass(60_000, a, b);
        Assert.Equal(long.MaxValue, a.Device.NextWakeMs);
    }

    [Fact]
    public void A_caller_whose_pings_do_not_come_through_is_called_back_once_and_one_whose_do_is_not()
    {
        // It pinged before our NAT was open to it, and pings again only when it is called: as Tailscale's clients do.
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        a.Hearing = atA;
        Call(atB, Near);
        wire.Pass(10, a, b);
        Assert.Equal(VirtualWire.Endpoint(Near), atA.Best);
        Assert.Equal(0, a.CallsDue);
        wire.Pass(120, a, b);
        Assert.Equal(1, a.CallsDue);
        wire.Pass(60_000, a, b);
        Assert.Equal(1, a.CallsDue);

        a.Device.Forget(wire.NowMs);
        Call(atB, Near);
        b.Device.Want(atB, wire.NowMs);
        wire.Pass(60_000, a, b);
        Assert.Equal(1, a.CallsDue);
    }

    [Fact]
    public void Two_that_call_each_other_and_cannot_meet_tire_as_one_does()
    {
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        b.Callers[a.NodeKey] = atB;
        int calls = 0;
        for (int i = 0; i < 400; i++)
        {
            a.Device.Want(atA, wire.NowMs);
            b.Device.Want(atB, wire.NowMs);
            wire.Dead.UnionWith([Near, a.At]);
            wire.Pass(100, a, b);
            foreach ((TestNode from, TestNode to, DiscoPeer peer) in new[] { (a, b, atA), (b, a, atB) })
            {
                for (; from.CallsDue > 0; from.CallsDue--)
                {
                    calls++;
                    from.RelayedTo.Clear();
                    from.Device.Call(peer, TestNode.Pack(from.At), wire.NowMs);
                    to.TakeRelayed(from.RelayedTo[0], Region, from.NodeKey);
                }
            }
        }

        // Forty seconds: 0, 0.3, 1, 2.5, 5, 10, 15, 20, 25 and 40 for each.
        Assert.InRange(calls, 16, 24);
    }

    [Fact]
    public void A_call_replaces_the_places_of_the_one_before_and_leaves_out_what_no_machine_has()
    {
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        Call(atB, Hidden, "198.51.100.7:7");
        wire.Pass(1_000, a);
        Call(atB, Near, "[fe80::1]:1", "224.0.0.1:1", "0.0.0.0:5", "127.3.3.40:900", "255.255.255.255:1", "169.254.1.1:9", "192.0.2.1:0");
        Assert.Equal([Near, Nowhere], atA.Candidates.Select(static c => VirtualWire.Text(c.Endpoint)).Order());
    }

    [Fact]
    public void Only_the_node_that_the_netmap_gives_the_disco_key_can_call_and_only_by_relay()
    {
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        b.Device.Call(atB, TestNode.Pack(Near), wire.NowMs);
        byte[] call = b.RelayedTo.Single();
        Assert.Equal(DiscoFault.NotByRelay, a.Take(call, Near));
        using TestNode third = new(wire, 3, "203.0.113.66:6");
        a.Know(third);
        Assert.Equal(DiscoFault.WrongCaller, a.TakeRelayed(call, Region, third.NodeKey));
        Assert.Empty(wire.Sent);
        Assert.Single(atA.Candidates);
        Assert.Equal(DiscoFault.None, a.TakeRelayed(call, Region, b.NodeKey));
    }

    [Fact]
    public void However_often_a_peer_calls_it_has_others_pinged_only_so_often()
    {
        // The addresses of people who have nothing to do with it.
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        string[] victims = [.. Enumerable.Range(1, 100).Select(static n => $"203.0.113.{n}:53")];
        for (int i = 0; i < 1_000; i++)
        {
            Call(atB, victims);
            wire.Pass(10, a);
        }

        // Ten seconds.
        Assert.InRange(wire.Sent.Count(static d => d.To.EndsWith(":53", StringComparison.Ordinal)), 1, 1_000);
        Assert.InRange(atA.Candidates.Count, 1, DiscoDevice.MostCalled + DiscoDevice.MostLearned + 16);
    }

    [Fact]
    public void A_ping_by_relay_is_answered_by_the_same_relay_and_its_pong_is_no_path()
    {
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        long told = -1;
        string way = "";
        Assert.True(b.Device.Try(atB, (endpoint, latency) => (way, told) = (VirtualWire.Text(endpoint), latency), wire.NowMs));
        wire.LoseWhatIsUnderWay();
        byte[] ping = b.RelayedTo.Single();
        Assert.Equal(DiscoFault.None, a.TakeRelayed(ping, Region, b.NodeKey));
        (byte[] pong, int region, NodePublicKey to) = a.Answers.Single();
        Assert.Equal((Region, b.NodeKey), (region, to));
        Assert.Equal(DiscoFault.UnaskedPong, b.Take(pong, "192.168.1.1:41641"));
        Assert.Equal(DiscoFault.None, b.TakeRelayed(pong, Region, a.NodeKey));
        Assert.Equal("127.3.3.40:900", way);
        Assert.True(told >= 0);
        Assert.Null(atB.Best);
        Assert.Equal(DiscoFault.UnaskedPong, b.TakeRelayed(pong, Region, a.NodeKey));
        Assert.Equal((b.Key.PublicKey, b.NodeKey, "127.3.3.40:900"), a.Pings.Single());
    }

    [Fact]
    public void A_pong_that_was_asked_for_directly_does_not_count_by_relay()
    {
        DiscoPeer peer = a.Meet(b);
        b.Know(a);
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(1, a, b);
        wire.LoseWhatIsUnderWay();
        byte[] pong = wire.Sent.Last().Bytes;
        Assert.Equal(DiscoFault.UnaskedPong, a.TakeRelayed(pong, Region, b.NodeKey));
        Assert.Null(peer.Best);
    }

    [Fact]
    public void A_doubted_path_is_searched_at_once_and_trusted_again_with_its_next_pong()
    {
        DiscoPeer peer = a.Meet(b);
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(1_000, a, b);
        Assert.True(peer.IsTrusted(wire.NowMs));
        int sent = wire.Sent.Count;
        a.Device.Doubt(peer, wire.NowMs);
        Assert.False(peer.IsTrusted(wire.NowMs));
        Assert.True(wire.Sent.Count > sent);
        wire.Pass(50, a, b);
        Assert.True(peer.IsTrusted(wire.NowMs));

        // What vouches must have come from there.
        wire.Dead.Add(Near);
        a.Device.Doubt(peer, wire.NowMs);
        a.Device.Vouch(peer, VirtualWire.Endpoint(Hidden), wire.NowMs);
        Assert.False(peer.IsTrusted(wire.NowMs));
        a.Device.Vouch(peer, VirtualWire.Endpoint(Near), wire.NowMs);
        Assert.True(peer.IsTrusted(wire.NowMs));
    }

    [Fact]
    public void On_another_network_nothing_counts_that_was_found_out_on_the_old_one()
    {
        DiscoPeer peer = a.Meet(b);
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(1_000, a, b);
        int sent = wire.Sent.Count;
        a.Device.Forget(wire.NowMs);
        Assert.Null(peer.Best);
        Assert.True(wire.Sent.Count > sent);
        wire.Pass(50, a, b);
        Assert.NotNull(peer.Best);
    }

    [Fact]
    public void Where_nobody_answers_the_search_begins_fast_and_tires()
    {
        DiscoPeer peer = a.Meet(b, Nowhere);
        int CountIn(long ms)
        {
            int before = wire.Sent.Count;
            for (long end = wire.NowMs + ms; wire.NowMs < end;)
            {
                a.Device.Want(peer, wire.NowMs);
                wire.Pass(250, a);
            }

            return wire.Sent.Count - before;
        }

        Assert.InRange(CountIn(2_600), 4, 5);
        Assert.InRange(CountIn(27_400), 5, 8);
        Assert.InRange(CountIn(600_000), 30, 45);
    }

    [Fact]
    public void Noise_and_damaged_calls_by_relay_neither_crash_nor_count()
    {
        (DiscoPeer atA, DiscoPeer atB) = Introduce();
        b.Device.Call(atB, TestNode.Pack(Near, Hidden), wire.NowMs);
        byte[] call = b.RelayedTo.Single();
        for (int bit = 0; bit < call.Length * 8; bit += 3)
        {
            byte[] damaged = [.. call];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(DiscoFault.None, a.TakeRelayed(damaged, Region, b.NodeKey));
            wire.Pass(50);
        }

        for (int length = 0; length < call.Length; length++)
        {
            Assert.NotEqual(DiscoFault.None, a.TakeRelayed(call[..length], Region, b.NodeKey));
            wire.Pass(50);
        }

        Assert.Single(atA.Candidates);
    }
}
