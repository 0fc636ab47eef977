using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 9293 section 3.8.4, and how quiet an idle connection is.</summary>
public class TcpKeepAliveTests
{
    readonly Probe probe = new();

    [Fact]
    public void An_idle_connection_sends_nothing_and_wakes_nobody()
    {
        probe.Accept();
        Assert.Empty(probe.Wait(24 * 3600_000L));
        Assert.Equal(long.MaxValue, probe.Stack.NextWakeMs);
    }

    [Fact]
    public void A_silent_peer_is_asked_after_two_hours_and_given_up_after_nine_questions()
    {
        TcpSocket socket = probe.Accept();
        socket.KeepAlive = true;
        long start = probe.NowMs;
        var sent = probe.Wait(10 * 3600_000);
        Assert.Equal(Enumerable.Range(0, 9).Select(i => 7_200_000L + (i * 75_000)), sent.Take(9).Select(s => s.At - start));
        Assert.All(sent.Take(9), s => Assert.Equal((Probe.Ack, probe.StackSeq - 1, 0), (s.Segment.Flags, s.Segment.Seq, s.Segment.Payload.Length)));
        Assert.Equal((TcpState.Closed, SocketError.TimedOut), (socket.State, socket.Error));
    }

    [Fact]
    public void An_answer_keeps_it_alive()
    {
        TcpSocket socket = probe.Accept();
        socket.KeepAlive = true;
        socket.KeepAliveIdleMs = 60_000;
        for (int i = 0; i < 20; i++)
        {
            Assert.Single(probe.Wait(61_000));
            probe.Acknowledge();
        }

        Assert.Equal(TcpState.Established, socket.State);
    }

    [Fact]
    public void A_peers_own_probe_is_answered()
    {
        probe.Accept();
        probe.Send(Probe.Ack, probe.Seq - 1, probe.StackSeq);
        Assert.Equal((probe.StackSeq, probe.Seq), (probe.One() is var s ? s.Seq : 0, s.Ack));
    }
}
