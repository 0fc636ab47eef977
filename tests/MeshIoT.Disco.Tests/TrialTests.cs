using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace MeshIoT.Disco.Tests;

/// <summary>Pings that a person asked for. Virtual time.</summary>
public sealed class TrialTests : IDisposable
{
    const string Near = "192.168.1.2:41641", Nowhere = "198.51.100.9:9", Elsewhere = "192.168.1.2:5";

    readonly VirtualWire wire = new(1);
    readonly TestNode a, b;
    readonly List<(string At, long Latency)> answers = [];

    public TrialTests()
    {
        a = new TestNode(wire, 1, "192.168.1.1:41641");
        b = new TestNode(wire, 2, Near);
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    bool Try(DiscoPeer peer) => a.Device.Try(peer, (at, latency) => answers.Add((VirtualWire.Text(at), latency)), wire.NowMs);

    [Fact]
    public void A_peer_that_nobody_talked_to_is_pinged_everywhere_once_and_the_answer_is_told()
    {
        DiscoPeer peer = a.Meet(b, Nowhere, Near);
        wire.DelayMs[Near] = 7;
        Assert.True(Try(peer));
        Assert.Equal(2, wire.Sent.Count);
        wire.Pass(100, a, b);
        Assert.Equal((Near, 8L), answers.Single());
        Assert.Equal(VirtualWire.Endpoint(Near), peer.Best);
    }

    [Fact]
    public void While_the_path_is_sure_only_the_path_is_pinged()
    {
        DiscoPeer peer = a.Meet(b, Nowhere, Near);
        Try(peer);
        wire.Pass(1_000, a, b);
        int before = wire.Sent.Count(sent => sent.To == Nowhere);
        Try(peer);
        wire.Pass(100, a, b);
        Assert.Equal(2, answers.Count);
        Assert.Equal(before, wire.Sent.Count(sent => sent.To == Nowhere));
    }

    [Fact]
    public void Each_trial_is_told_of_its_own_pings_only_and_once()
    {
        wire.Place(b, Elsewhere);
        b.AnswersFromWhereAsked = true;
        DiscoPeer peer = a.Meet(b, Near, Elsewhere);
        wire.DelayMs[Elsewhere] = 40;
        Try(peer);
        wire.Pass(1_000, a, b);
        Assert.Equal((Near, 2L), answers.Single());
        wire.Pass(5_000, a, b);
        Assert.Single(answers);
    }

    [Fact]
    public void An_answer_that_does_not_come_is_not_told_and_leaves_nothing_behind()
    {
        DiscoPeer peer = a.Meet(b, Nowhere);
        for (int i = 0; i < DiscoDevice.MostTrials; i++)
        {
            Assert.True(Try(peer));
        }

        Assert.False(Try(peer));
        Assert.InRange(a.Device.OpenTransactions, 1, 2);
        wire.Pass(6_000, a, b);
        Assert.True(Try(peer));
        Assert.Empty(answers);
    }

    [Fact]
    public void A_forger_who_saw_the_ping_cannot_answer_the_trial()
    {
        using TestNode mallory = new(wire, 3, "203.0.113.66:6");
        DiscoPeer peer = a.Meet(b, Nowhere);
        DiscoPeer forger = a.Meet(mallory, "203.0.113.66:6");
        Try(peer);
        byte[] seen = wire.Sent.Single().Bytes;

        // He can send it on to the peer, whose pong then comes from an address that was not asked.
        b.Know(a);
        b.Take(seen, a.At);
        wire.Pass(100, a, b, mallory);
        Assert.Empty(answers);
        Assert.Null(peer.Best);
        Assert.Null(forger.Best);
        Assert.Equal(1, a.Device.DropCount(DiscoFault.UnaskedPong));
    }

    [Fact]
    public void A_peer_that_is_gone_cannot_be_tried()
    {
        DiscoPeer peer = a.Meet(b);
        a.Device.Remove(peer);
        Assert.False(Try(peer));
        Assert.Empty(wire.Sent);
    }
}
