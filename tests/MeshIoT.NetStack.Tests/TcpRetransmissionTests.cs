using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 6298, RFC 5681, RFC 6582, RFC 6675, RFC 6928, RFC 3042, on the wire.</summary>
public class TcpRetransmissionTests
{
    readonly byte[] buffer = new byte[100_000];

    [Fact]
    public void The_timeout_doubles_until_the_connection_is_given_up()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        socket.Send([1, 2, 3], 0, 3, probe.NowMs);
        long start = probe.NowMs;
        var sent = probe.Wait(1_000_000);
        long[] times = sent.Where(s => s.Segment.Payload.Length == 3).Select(s => s.At - start).ToArray();
        Assert.Equal([0L, 200, 600, 1400, 3000, 6200, 12600, 25400, 51000, 102200, 162200], times);
        Assert.Equal((TcpState.Closed, SocketError.TimedOut), (socket.State, socket.Error));
        Assert.True(sent.Last().Segment.Is(Probe.Rst | Probe.Ack));
    }

    [Fact]
    public void After_a_timeout_one_segment_goes_then_the_rest_as_it_is_acknowledged()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        socket.Send(buffer, 0, 5000, probe.NowMs);
        Assert.Equal(5, probe.Segments().Count);
        var again = probe.Wait(300);
        Assert.Equal([probe.StackSeq], again.Select(s => s.Segment.Seq));
        probe.StackSeq += 1000;
        probe.Acknowledge();
        Assert.Equal([probe.StackSeq, probe.StackSeq + 1000], probe.Segments().Select(s => s.Seq));
        probe.StackSeq += 4000;
        probe.Acknowledge();
        Assert.Empty(probe.Wait(1000));
    }

    [Fact]
    public void The_third_duplicate_acknowledgement_repeats_the_first_segment()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        socket.Send(buffer, 0, 20_000, probe.NowMs);
        Assert.Equal(10, probe.Segments().Count);
        probe.Acknowledge();
        Assert.Equal(probe.StackSeq + 10_000, probe.One().Seq);
        probe.Acknowledge();
        Assert.Equal(probe.StackSeq + 11_000, probe.One().Seq);
        probe.Acknowledge();
        Assert.Equal(probe.StackSeq, probe.Segments()[0].Seq);
        Assert.Equal(1, probe.Stack.TcpRetransmissions);
    }

    [Fact]
    public void A_partial_acknowledgement_repeats_the_next_hole_at_once()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        socket.Send(buffer, 0, 10_000, probe.NowMs);
        probe.Take();
        for (int i = 0; i < 5; i++)
        {
            probe.Acknowledge();
        }

        probe.Take();
        probe.StackSeq += 3000;
        probe.Acknowledge();
        Assert.Equal(probe.StackSeq, probe.Segments()[0].Seq);
        Assert.True(socket.Congestion.Recovering);
        probe.StackSeq += 7000;
        probe.Acknowledge();
        Assert.False(socket.Congestion.Recovering);
        Assert.Equal(2, probe.Stack.TcpRetransmissions);
    }

    [Fact]
    public void With_SACK_exactly_the_holes_are_repeated()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept([.. Probe.Mss(1000), .. Probe.SackPermitted]);
        socket.Send(buffer, 0, 10_000, probe.NowMs);
        probe.Take();
        uint una = probe.StackSeq;

        // Lost: the first and the fourth segment.
        probe.Acknowledge(Probe.Sack(una + 1000, una + 2000));
        probe.Acknowledge(Probe.Sack(una + 1000, una + 3000));
        Assert.Empty(probe.Segments());
        probe.Acknowledge(Probe.Sack(una + 4000, una + 5000, una + 1000, una + 3000));
        Assert.Equal(una, probe.One().Seq);
        for (uint end = 6000; end <= 10_000; end += 1000)
        {
            probe.Acknowledge(Probe.Sack(una + 4000, una + end, una + 1000, una + 3000));
        }

        Assert.Equal([una + 3000], probe.Segments().Select(s => s.Seq));
        probe.StackSeq = una + 3000;
        probe.Acknowledge(Probe.Sack(una + 4000, una + 10_000));
        Assert.Empty(probe.Segments());
        probe.StackSeq = una + 10_000;
        probe.Acknowledge();
        Assert.Empty(probe.Wait(2000));
        Assert.Equal(2, probe.Stack.TcpRetransmissions);
    }

    [Fact]
    public void Lies_in_SACK_blocks_do_no_harm()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept([.. Probe.Mss(1000), .. Probe.SackPermitted]);
        socket.Send(buffer, 0, 10_000, probe.NowMs);
        probe.Take();
        uint una = probe.StackSeq;
        probe.Acknowledge(Probe.Sack(una + 5000, una + 4000));
        probe.Acknowledge(Probe.Sack(una - 5000, una + 4000));
        probe.Acknowledge(Probe.Sack(una + 5000, una + 50_000));
        probe.Acknowledge(Probe.Sack(una, una + 4000));
        Assert.Empty(probe.Segments());
        Assert.False(socket.Congestion.Recovering);
    }

    [Fact]
    public void A_sender_begins_with_ten_segments_and_doubles_each_round_trip()
    {
        Probe probe = new(StackLimits.Host());
        TcpSocket socket = probe.Accept();
        socket.Send(buffer, 0, 100_000, probe.NowMs);
        Assert.Equal(10, probe.Segments().Count);
        for (int i = 0; i < 10; i++)
        {
            probe.StackSeq += 1000;
            probe.Acknowledge();
        }

        Assert.Equal(20, probe.Segments().Count);
    }

    [Fact]
    public void After_a_lost_SYN_a_sender_begins_with_one_segment_and_three_seconds()
    {
        Probe probe = new();
        TcpSocket socket = probe.Stack.Connect(null, probe.Peer, Probe.PeerPort, probe.NowMs, null);
        Segment syn = probe.Wait(1500).Last().Segment;
        probe.StackPort = syn.SourcePort;
        probe.StackSeq = syn.Seq + 1;
        probe.Send(Probe.Syn | Probe.Ack, Probe.PeerIss, probe.StackSeq, options: Probe.Mss(1000));
        _ = probe.One();
        socket.Send(buffer, 0, 5000, probe.NowMs);
        Assert.Single(probe.Segments());
        Assert.Empty(probe.Wait(2900));
        Assert.Single(probe.Wait(200));
    }

    [Fact]
    public void A_segment_sent_twice_is_not_timed()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        int before = socket.RoundTripMs;
        socket.Send([1], 0, 1, probe.NowMs);
        probe.Wait(5000);
        probe.StackSeq++;
        probe.Acknowledge();
        Assert.Equal(before, socket.RoundTripMs);
        socket.Send([1], 0, 1, probe.NowMs);
        probe.Take();
        probe.NowMs += 80;
        probe.StackSeq++;
        probe.Acknowledge();
        Assert.InRange(socket.RoundTripMs, before + 1, before + 80);
    }

    [Fact]
    public void After_a_pause_a_sender_does_not_burst()
    {
        Wire wire = new(limits: StackLimits.Host());
        (TcpSocket client, TcpSocket server) = wire.Connect();
        Transfer transfer = new(client, server, 1_000_000, 1);
        wire.Run(() => transfer.Step(wire.NowMs) || transfer.Received > 900_000);
        int grown = client.Congestion.Window;
        Assert.True(grown > 100_000);
        wire.Run(() => { transfer.Step(wire.NowMs); return false; }, 10_000);
        server.Send([1], 0, 1, wire.NowMs);
        Assert.True(transfer.EndSeen);
    }
}
