using System;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Disco.Tests;

/// <summary>What a node finds out about a peer it talks to, and what that costs. Virtual time.</summary>
public sealed class PathTests : IDisposable
{
    const string Near = "192.168.1.2:41641", Far = "203.0.113.2:41641", Nowhere = "198.51.100.9:9";

    readonly VirtualWire wire = new(1);
    readonly TestNode a, b;

    public PathTests()
    {
        a = new TestNode(wire, 1, "192.168.1.1:41641");
        b = new TestNode(wire, 2, Near);
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    // Talks for so long: a packet every 500 ms.
    void Talk(DiscoPeer peer, long ms)
    {
        for (long end = wire.NowMs + ms; wire.NowMs < end;)
        {
            a.Device.Want(peer, wire.NowMs);
            wire.Pass(500, a, b);
        }
    }

    [Fact]
    public void A_pong_confirms_the_endpoint_and_says_how_far_it_is()
    {
        DiscoPeer peer = a.Meet(b, Nowhere, Near);
        wire.DelayMs[Near] = 7;
        a.Device.Want(peer, wire.NowMs);
        Assert.Null(peer.Best);
        wire.Pass(100, a, b);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
        Assert.Equal(8, peer.LatencyMs);
        Assert.True(peer.IsTrusted(wire.NowMs));
        Assert.Equal((a.Key.PublicKey, a.NodeKey, a.At), b.Pings.Single());
    }

    [Fact]
    public void A_peer_that_nobody_talks_to_costs_no_packet_and_no_wake()
    {
        DiscoPeer peer = a.Meet(b);
        Assert.Equal(long.MaxValue, a.Device.NextWakeMs);
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(600_000, a, b);

        // 45 s at one ping every 3 s, each with its pong.
        Assert.InRange(wire.Sent.Count, 2 * 14, 2 * 17);
        Assert.Equal(long.MaxValue, a.Device.NextWakeMs);
        Assert.False(peer.IsTrusted(wire.NowMs));
    }

    [Fact]
    public void While_there_is_traffic_the_endpoint_in_use_is_asked_every_three_seconds_and_no_other_when_it_is_good()
    {
        DiscoPeer peer = a.Meet(b, Near, Nowhere);
        Talk(peer, 120_000);
        Assert.InRange(wire.Sent.Count(static d => d.To == Near), 40, 42);
        Assert.InRange(wire.Sent.Count(static d => d.To == Nowhere), 1, 2);
        Assert.True(peer.IsTrusted(wire.NowMs));
    }

    [Fact]
    public void The_better_of_two_endpoints_wins_and_a_slow_one_is_challenged_every_minute()
    {
        b.AnswersFromWhereAsked = true;
        wire.Place(b, Far);
        wire.DelayMs[Far] = 60;
        wire.Dead.Add(Near);
        DiscoPeer peer = a.Meet(b, Far, Near);
        Talk(peer, 20_000);
        Assert.Equal(VirtualWire.Endpoint(Far), peer.Best);
        wire.Dead.Remove(Near);
        Talk(peer, 62_000);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
    }

    [Fact]
    public void An_endpoint_that_falls_silent_is_doubted_given_up_and_replaced()
    {
        b.AnswersFromWhereAsked = true;
        wire.Place(b, Far);
        DiscoPeer peer = a.Meet(b, Near, Far);
        Talk(peer, 2_000);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
        wire.Dead.Add(Near);
        Talk(peer, 25_000);
        Assert.Equal(VirtualWire.Endpoint(Far), peer.Best);
        wire.Dead.Add(Far);
        Talk(peer, 25_000);
        Assert.Null(peer.Best);
        wire.Dead.Clear();
        Talk(peer, 10_000);
        Assert.NotNull(peer.Best);
    }

    [Fact]
    public void A_new_endpoint_of_the_netmap_is_tried_at_once_and_one_that_answers_is_kept_when_the_netmap_drops_it()
    {
        DiscoPeer peer = a.Meet(b, Nowhere);
        Talk(peer, 1_000);
        Assert.Null(peer.Best);
        a.Device.Update(peer, b.Key.PublicKey, TestNode.Pack(Near), wire.NowMs);
        wire.Pass(10, a, b);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
        a.Device.Update(peer, b.Key.PublicKey, TestNode.Pack(Nowhere), wire.NowMs);
        Talk(peer, 10_000);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
    }

    [Fact]
    public void A_peer_that_restarted_has_to_prove_itself_again()
    {
        DiscoPeer peer = a.Meet(b);
        Talk(peer, 1_000);
        using TestNode again = new(wire, 9, Near);
        a.Know(again);
        again.Know(a);
        Talk(peer, 4_000);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
        a.Device.Update(peer, again.Key.PublicKey, TestNode.Pack(Near), wire.NowMs);
        Assert.Null(peer.Best);
        wire.Pass(10, a, again);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
    }

    [Fact]
    public void A_peer_is_found_at_the_place_it_pings_from()
    {
        DiscoPeer peer = a.Meet(b, Nowhere);
        a.Hearing = peer;
        a.Device.Want(peer, wire.NowMs);
        DiscoPeer back = b.Meet(a);
        b.Device.Want(back, wire.NowMs);
        wire.Pass(50, a, b);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
        for (int i = 0; i < 100; i++)
        {
            a.Device.Heard(peer, VirtualWire.Endpoint($"203.0.113.{i}:1"), wire.NowMs);
        }

        Assert.Equal(1 + DiscoDevice.MostLearned, peer.Candidates.Count);
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
    }

    [Fact]
    public void A_removed_peer_leaves_nothing_open()
    {
        DiscoPeer peer = a.Meet(b, Nowhere, Near);
        a.Device.Want(peer, wire.NowMs);
        Assert.Equal(2, a.Device.OpenTransactions);
        a.Device.Remove(peer);
        a.Device.Remove(peer);
        Assert.Equal(0, a.Device.OpenTransactions);
        wire.Pass(60_000, a, b);
        Assert.Null(peer.Best);
        Assert.Equal(long.MaxValue, a.Device.NextWakeMs);
    }

    [Fact]
    public void Whatever_the_network_does_the_path_is_found_and_nothing_piles_up()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            VirtualWire rough = new(seed) { Loss = seed % 6 * 0.08, Doubling = seed % 7 * 0.1, JitterMs = seed % 5 * 700 };
            using TestNode one = new(rough, seed, "10.0.0.1:1"), two = new(rough, seed + 1000, "10.0.0.2:1");
            DiscoPeer there = one.Meet(two, "10.0.0.2:1", Nowhere), back = two.Meet(one);
            one.Hearing = there;
            bool foundOne = false, foundTwo = false;
            for (int i = 0; i < 600; i++)
            {
                one.Device.Want(there, rough.NowMs);
                two.Device.Want(back, rough.NowMs);
                rough.Pass(200, one, two);
                foundOne |= there.Best is not null;
                foundTwo |= back.Best is not null;
                Assert.True(there.Best is null || there.Best.AsSpan().SequenceEqual(VirtualWire.Endpoint("10.0.0.2:1")));
                Assert.InRange(one.Device.OpenTransactions, 0, 2 * there.Candidates.Count);
            }

            Assert.True(foundOne && foundTwo, $"seed {seed}");
        }
    }
}
