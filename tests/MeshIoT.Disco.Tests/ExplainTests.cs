using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace MeshIoT.Disco.Tests;

/// <summary>What a person is told of a peer's paths is what decided between them. Virtual time.</summary>
public sealed class ExplainTests : IDisposable
{
    const string Near = "192.168.1.2:41641", Far = "203.0.113.2:41641", Nowhere = "198.51.100.9:9";

    readonly VirtualWire wire = new(1);
    readonly TestNode a, b;

    public ExplainTests()
    {
        a = new TestNode(wire, 1, "192.168.1.1:41641");
        b = new TestNode(wire, 2, Near) { AnswersFromWhereAsked = true };
        wire.Place(b, Far);
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    Dictionary<string, CandidateFacts> Explain(DiscoPeer peer) =>
        DiscoDevice.Explain(peer, wire.NowMs).ToDictionary(facts => VirtualWire.Text(facts.Endpoint));

    [Fact]
    public void Before_anybody_looks_all_that_is_known_is_who_named_them()
    {
        DiscoPeer peer = a.Meet(b, Nowhere, Near);
        foreach (CandidateFacts facts in Explain(peer).Values)
        {
            Assert.True(facts is { IsListed: true, IsCalled: false, IsHeard: false, IsBest: false, IsSilent: false });
            Assert.Equal((-1L, -1L, -1L, -1), (facts.PingedAgoMs, facts.AnsweredAgoMs, facts.LatencyMs, facts.Speed));
        }

        Assert.Equal(20, Explain(peer)[Near].Nearness);
        Assert.Equal(0, Explain(peer)[Nowhere].Nearness);
    }

    [Fact]
    public void Each_point_that_decided_is_shown()
    {
        wire.DelayMs[Near] = 39;
        wire.DelayMs[Far] = 9;
        DiscoPeer peer = a.Meet(b, Nowhere, Near, Far);
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(1_000, a, b);
        Dictionary<string, CandidateFacts> facts = Explain(peer);
        Assert.Equal(VirtualWire.Endpoint(Far), peer.Best);

        // 10 ms instead of 40 ms saves 75 percent; the private address has 20 points for that.
        Assert.True(facts[Far] is { IsBest: true, LatencyMs: 10, Nearness: 0, Speed: 75 });
        Assert.True(facts[Near] is { IsBest: false, LatencyMs: 40, Nearness: 20, Speed: 0 });
        Assert.True(facts[Nowhere] is { IsBest: false, AnsweredAgoMs: -1, PingedAgoMs: >= 0, Speed: -1 });
        Assert.InRange(peer.TrustLeftMs(wire.NowMs), 5_000, 6_500);
        wire.Pass(5_000, a);
        Assert.True(Explain(peer)[Nowhere].IsSilent);
    }

    [Fact]
    public void An_endpoint_that_the_peer_pinged_from_is_said_to_be_heard()
    {
        DiscoPeer peer = a.Meet(b, Nowhere);
        a.Hearing = peer;
        DiscoPeer back = b.Meet(a);
        b.Device.Want(back, wire.NowMs);
        wire.Pass(100, a, b);
        Assert.True(Explain(peer)[Near] is { IsHeard: true, IsListed: false });
    }

    [Fact]
    public void Trust_that_is_over_has_nothing_left()
    {
        DiscoPeer peer = a.Meet(b);
        Assert.Equal(-1, peer.TrustLeftMs(wire.NowMs));
        a.Device.Want(peer, wire.NowMs);
        wire.Pass(100, a, b);
        wire.Dead.Add(Near);
        wire.Pass(7_000, a);
        Assert.NotNull(peer.Best);
        Assert.Equal(-1, peer.TrustLeftMs(wire.NowMs));
    }
}
