using System;
using System.Linq;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Initiations that go before WireGuard's five seconds because a way to the peer has opened: how few, and how far apart.</summary>
public class EarlyInitiationTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire { IsCut = true }.WithoutJitter();

    WireGuardPeer Peer => wire.Initiator.PeerOf(wire.Responder);

    long[] Times => wire.Times(PacketKind.Initiation, wire.Initiator, 0);

    [Fact]
    public void A_way_that_comes_and_goes_a_hundred_times_a_second_makes_no_storm()
    {
        long start = wire.NowMs;
        for (int i = 0; i < 6_000; i++)
        {
            if (i % 100 == 0)
            {
                wire.Send(wire.Initiator);
            }

            Peer.RetryHandshakeAt(wire.NowMs + (i % 3 * 20));
            wire.Advance(10);
        }

        // A minute: one that was due every five seconds, and two early ones right behind it.
        long[] times = wire.Times(PacketKind.Initiation, wire.Initiator, start);
        Assert.InRange(times.Length, 30, 36);
        Assert.All(times.Zip(times.Skip(1), (a, b) => b - a), gap => Assert.True(gap >= 50, $"{gap} ms"));
        for (int i = 0; i + 3 < times.Length; i++)
        {
            Assert.True(times[i + 3] - times[i] >= 5_000, "three at most within five seconds");
        }
    }

    [Fact]
    public void However_early_it_is_asked_for_it_goes_fifty_milliseconds_after_the_last()
    {
        wire.Send(wire.Initiator);
        Peer.RetryHandshakeAt(wire.NowMs);
        Peer.RetryHandshakeAt(wire.NowMs - 1_000);
        wire.Advance(49);
        Assert.Single(Times);
        wire.Advance(1);
        Assert.Equal(2, Times.Length);
        wire.Advance(4_990);
        Assert.Equal(2, Times.Length);
        wire.Advance(20);
        Assert.Equal(3, Times.Length);
    }

    [Fact]
    public void Many_wishes_before_one_goes_count_as_that_one()
    {
        wire.Send(wire.Initiator);
        for (int i = 0; i < 10; i++)
        {
            Peer.RetryHandshakeAt(wire.NowMs + 500 - i);
        }

        wire.Advance(600);
        Peer.RetryHandshakeAt(wire.NowMs + 100);
        wire.Advance(200);
        Assert.Equal(3, Times.Length);
    }

    [Fact]
    public void Their_timestamps_rise_so_that_the_peer_takes_each_of_them()
    {
        wire.Send(wire.Initiator);
        for (int i = 0; i < 2; i++)
        {
            Peer.RetryHandshakeAt(wire.NowMs);
            wire.Advance(50);
        }

        byte[][] sent = [.. wire.Log.Where(c => c.Kind == PacketKind.Initiation).Select(c => c.Bytes)];
        Assert.Equal(3, sent.Length);
        foreach (byte[] initiation in sent)
        {
            wire.Inject(wire.Responder, initiation);
            Assert.Equal(DeviceFault.None, wire.LastFault);
            wire.Advance(50);
        }
    }

    [Fact]
    public void A_session_that_is_there_needs_none()
    {
        wire.IsCut = false;
        wire.Send(wire.Initiator);
        wire.Advance(200);
        Peer.RetryHandshakeAt(wire.NowMs);
        Peer.RequestHandshakeUnlessHeard(wire.NowMs + 300);
        wire.Send(wire.Responder);
        wire.Advance(4_000);
        Assert.Single(Times);
    }

    [Fact]
    public void Who_is_asked_to_begin_does_so_unless_the_other_begins_first()
    {
        wire.IsCut = false;
        Peer.RequestHandshakeUnlessHeard(wire.NowMs + 300);
        wire.Responder.PeerOf(wire.Initiator).RequestHandshakeUnlessHeard(wire.NowMs + 500);
        wire.Advance(299);
        Assert.Equal(0, wire.Count(PacketKind.Initiation));
        wire.Advance(10_000);
        Assert.Equal(1, wire.Count(PacketKind.Initiation, wire.Initiator));
        Assert.Equal(0, wire.Count(PacketKind.Initiation, wire.Responder));
        Assert.True(Peer.HasSession(wire.NowMs));
    }
}
