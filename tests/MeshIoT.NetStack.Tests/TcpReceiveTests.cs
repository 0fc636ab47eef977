using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 9293 section 3.10.7.4, RFC 5681 section 4.2 and RFC 2018: what a receiver keeps, and what it says about it.</summary>
public class TcpReceiveTests
{
    readonly Probe probe = new();
    readonly byte[] buffer = new byte[70_000];

    [Fact]
    public void Segments_in_any_order_become_the_stream()
    {
        TcpSocket socket = probe.Accept();
        byte[] data = Packets.Numbered(9000);
        foreach (int i in new[] { 3, 1, 8, 7, 0, 2, 5, 4, 6 })
        {
            probe.Send(Probe.Ack, probe.Seq + (uint)(i * 1000), probe.StackSeq, data[(i * 1000)..((i + 1) * 1000)]);
        }

        Assert.Equal(9000, socket.Receive(buffer, 0, 70_000, probe.NowMs));
        Assert.Equal(data, buffer[..9000]);
    }

    [Fact]
    public void Overlaps_and_repetitions_are_cut()
    {
        TcpSocket socket = probe.Accept();
        byte[] data = Packets.Numbered(100);
        foreach ((int from, int to) in new[] { (50, 80), (0, 30), (10, 60), (0, 30), (70, 100), (79, 100) })
        {
            probe.Send(Probe.Ack, probe.Seq + (uint)from, probe.StackSeq, data[from..to]);
        }

        Assert.Equal(100, socket.Receive(buffer, 0, 70_000, probe.NowMs));
        Assert.Equal(data, buffer[..100]);
    }

    [Fact]
    public void Each_segment_out_of_order_is_answered_at_once_and_so_is_the_one_that_fills_the_gap()
    {
        probe.Accept();
        for (uint i = 1; i <= 3; i++)
        {
            probe.Send(Probe.Ack, probe.Seq + (i * 10), probe.StackSeq, new byte[10]);
        }

        Assert.Equal([probe.Seq, probe.Seq, probe.Seq], probe.Segments().Select(s => s.Ack));
        probe.Send(Probe.Ack, probe.Seq, probe.StackSeq, new byte[10]);
        Assert.Equal(probe.Seq + 40, probe.One().Ack);
    }

    [Fact]
    public void SACK_blocks_name_the_latest_range_first()
    {
        probe.Accept([.. Probe.Mss(1000), .. Probe.SackPermitted]);
        uint next = probe.Seq;
        probe.Send(Probe.Ack, next + 100, probe.StackSeq, new byte[10]);
        Assert.Equal(Probe.Sack(next + 100, next + 110)[4..], probe.One().Option(5));
        probe.Send(Probe.Ack, next + 300, probe.StackSeq, new byte[10]);
        probe.Send(Probe.Ack, next + 200, probe.StackSeq, new byte[10]);
        byte[] blocks = probe.Segments().Last().Option(5);
        Assert.Equal(Probe.Sack(next + 200, next + 210)[4..], blocks[..8]);
        Assert.Equal(24, blocks.Length);
        for (uint i = 4; i < 10; i++)
        {
            probe.Send(Probe.Ack, next + (i * 100), probe.StackSeq, new byte[10]);
        }

        Assert.All(probe.Segments(), s => Assert.True(s.Option(5).Length <= 32));
    }

    [Fact]
    public void Every_range_is_reported_though_many_arrive_before_the_stack_can_answer()
    {
        probe.Accept([.. Probe.Mss(1000), .. Probe.SackPermitted]);
        for (uint i = 1; i <= 12; i++)
        {
            probe.Send(Probe.Ack, probe.Seq + (i * 100), probe.StackSeq, new byte[10]);
        }

        var reported = probe.Segments().SelectMany(s => Enumerable.Range(0, s.Option(5).Length / 8).Select(b => BigEndian.U32(s.Option(5), 8 * b))).ToHashSet();
        Assert.Equal(Enumerable.Range(1, 12).Select(i => probe.Seq + (uint)(i * 100)).Order(), reported.Order());
    }

    [Fact]
    public void Gaps_are_bounded()
    {
        TcpSocket socket = probe.Accept();
        for (uint i = 1; i <= 100; i++)
        {
            probe.Send(Probe.Ack, probe.Seq + (i * 2), probe.StackSeq, [1]);
        }

        Assert.Equal(100 - TcpRanges.MaxRanges, probe.Stack.DropCount(DropReason.TcpTooManyGaps));
        Assert.Equal(0, socket.ReceiveAvailable);
    }

    [Fact]
    public void Every_second_full_segment_is_acknowledged_at_once_and_a_single_one_after_40_ms()
    {
        probe.Accept();
        probe.SendData(new byte[1000]);
        Assert.Empty(probe.Take());
        probe.SendData(new byte[1000]);
        Assert.Equal(probe.Seq, probe.One().Ack);
        probe.SendData(new byte[1000]);
        long start = probe.NowMs;
        Assert.Equal([start + 40], probe.Wait(1000).Select(s => s.At));
    }

    [Fact]
    public void An_acknowledgement_rides_on_data()
    {
        TcpSocket socket = probe.Accept();
        probe.SendData([1, 2, 3]);
        socket.Send([4], 0, 1, probe.NowMs);
        Segment s = probe.One();
        Assert.Equal((probe.Seq, 1), (s.Ack, s.Payload.Length));
        probe.StackSeq++;
        probe.Acknowledge();
        Assert.Empty(probe.Wait(1000));
    }

    [Fact]
    public void Data_beyond_the_window_is_cut_off()
    {
        Probe small = new(new StackLimits { TcpReceiveBytes = 2048 });
        TcpSocket socket = small.Accept();
        small.SendData(new byte[1200]);
        small.Send(Probe.Ack, small.Seq, small.StackSeq, new byte[1200]);
        Assert.Equal(2048, socket.ReceiveAvailable);
        Assert.Equal(small.Seq + 848, small.Segments().Last().Ack);
        small.Send(Probe.Ack, small.Seq + 5000, small.StackSeq, new byte[10]);
        Assert.Equal(1, small.Stack.DropCount(DropReason.TcpOutsideWindow));
    }

    [Fact]
    public void The_observer_hears_of_data_of_the_end_and_of_errors()
    {
        TcpSocket socket = probe.Accept();
        CountingObserver observer = new();
        socket.Observer = observer;
        probe.SendData([1]);
        Assert.Equal(1, observer.Tcp);
        probe.Send(Probe.Fin | Probe.Ack, probe.Seq++, probe.StackSeq);
        Assert.Equal(2, observer.Tcp);
        probe.Send(Probe.Rst, probe.Seq, 0);
        Assert.Equal(3, observer.Tcp);
        Assert.Equal(1, socket.Receive(buffer, 0, 9, probe.NowMs));
        Assert.Equal(-1, socket.Receive(buffer, 0, 9, probe.NowMs));
    }
}
