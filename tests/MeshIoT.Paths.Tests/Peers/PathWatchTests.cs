using System;
using MeshIoT.Paths.Peers;
using Xunit;

namespace MeshIoT.Paths.Tests.Peers;

/// <summary>How soon silence makes a ping, and a missing pong a doubt; and how little it costs where nothing is wrong.</summary>
public sealed class PathWatchTests
{
    static (PathStep Step, long AfterMs) Next(PathWatch watch, PathTestHost host, long withinMs)
    {
        long began = host.NowMs;
        while (host.NowMs - began < withinMs)
        {
            PathStep step = watch.Poll(host.Peer, host.NowMs);
            if (step != PathStep.None)
            {
                return (step, host.NowMs - began);
            }

            host.Pass(1);
        }

        return (PathStep.None, withinMs);
    }

    [Theory]
    [InlineData(2, 250, 100)]
    [InlineData(40, 250, 100)]
    [InlineData(160, 400, 280)]
    public void What_asks_and_gets_nothing_back_makes_a_ping_and_the_missing_pong_a_doubt(long latency, long probeAfter, long doubtAfter)
    {
        using PathTestHost host = new(latency);
        PathWatch watch = new();
        Assert.Equal(long.MaxValue, watch.NextMs);
        watch.Sent(host.NowMs, host.Peer.LatencyMs);
        host.IsDead = true;
        Assert.Equal((PathStep.Probe, probeAfter), Next(watch, host, 5_000));
        host.Probe();
        Assert.Equal((PathStep.Doubt, doubtAfter), Next(watch, host, 5_000));
        Assert.Equal(long.MaxValue, watch.NextMs);
    }

    [Fact]
    public void A_peer_that_answers_is_never_pinged()
    {
        using PathTestHost host = new(20);
        PathWatch watch = new();
        for (int i = 0; i < 50; i++)
        {
            watch.Sent(host.NowMs, 20);
            Assert.Equal(PathStep.None, Next(watch, host, 100).Step);
            watch.Alive(host.NowMs);
        }
    }

    [Fact]
    public void A_peer_that_only_listens_is_pinged_ever_more_rarely_and_never_doubted()
    {
        using PathTestHost host = new(20);
        PathWatch watch = new();
        int pings = 0;
        for (long end = host.NowMs + 6_000; host.NowMs < end; host.Pass(1))
        {
            watch.Sent(host.NowMs, 20);
            switch (watch.Poll(host.Peer, host.NowMs))
            {
                case PathStep.Probe:
                    pings++;
                    host.Probe();
                    break;
                case PathStep.Doubt:
                    Assert.Fail("a path that answers pings is not to be doubted");
                    break;
            }
        }

        Assert.InRange(pings, 2, 5);
    }

    [Fact]
    public void A_packet_by_relay_while_the_direct_path_is_silent_is_a_reason_for_doubt_but_not_again_and_again()
    {
        using PathTestHost host = new(20);
        PathWatch watch = new();
        Assert.False(watch.Relayed(host.NowMs, host.Peer.LastPongMs), "a pong came just now");
        host.Pass(400);
        watch.Alive(host.NowMs);
        Assert.False(watch.Relayed(host.NowMs, host.Peer.LastPongMs), "a packet came just now");
        host.Pass(400);
        Assert.True(watch.Relayed(host.NowMs, host.Peer.LastPongMs));
        int doubts = 0;
        for (int i = 0; i < 600; i++)
        {
            host.Pass(100);
            doubts += watch.Relayed(host.NowMs, host.Peer.LastPongMs) ? 1 : 0;
        }

        Assert.InRange(doubts, 3, 6);
    }

    [Fact]
    public void A_peer_that_sends_from_elsewhere_is_asked_at_once_and_the_missing_pong_is_a_doubt()
    {
        using PathTestHost host = new(2);
        PathWatch watch = new();
        watch.Alive(host.NowMs);
        host.IsDead = true;
        host.Pass(1);
        Assert.True(watch.Moved(host.NowMs));
        host.Probe();
        watch.Probed(host.NowMs, host.Peer.LatencyMs);
        Assert.Equal((PathStep.Doubt, 100), Next(watch, host, 5_000));
    }

    [Fact]
    public void A_peer_that_sends_by_another_way_than_it_receives_is_asked_ever_more_rarely()
    {
        using PathTestHost host = new(2);
        PathWatch watch = new();
        int asked = 0;
        for (int i = 0; i < 6_000; i++)
        {
            asked += watch.Moved(host.NowMs) ? 1 : 0;
            host.Pass(10);
        }

        Assert.InRange(asked, 10, 20);
        watch.Alive(host.NowMs);
        host.Pass(500);
        Assert.True(watch.Moved(host.NowMs), "what comes by the trusted way makes the next change worth a ping");
    }

    [Fact]
    public void Once_the_path_is_not_trusted_there_is_nothing_to_watch()
    {
        using PathTestHost host = new(20);
        PathWatch watch = new();
        host.IsDead = true;
        host.Pass(6_600);
        watch.Sent(host.NowMs, 20);
        Assert.Equal(PathStep.None, Next(watch, host, 1_000).Step);
        Assert.Equal(long.MaxValue, watch.NextMs);
    }
}
