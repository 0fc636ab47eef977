using System;
using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 9293 sections 3.5, 3.7.1, 3.10.7.2 and 3.10.7.3.</summary>
public class TcpHandshakeTests
{
    readonly Probe probe = new();

    [Fact]
    public void A_SYN_offers_MSS_window_scale_and_SACK()
    {
        TcpSocket socket = probe.Stack.Connect(null, probe.Peer, Probe.PeerPort, probe.NowMs, null);
        Segment syn = probe.One();
        Assert.True(syn.Is(Probe.Syn));
        Assert.Equal([0x04, 0xD8], syn.Option(2));
        Assert.Equal([1], syn.Option(3));
        Assert.Equal([], syn.Option(4));
        Assert.Equal(TcpState.SynSent, socket.State);
        Assert.InRange(socket.LocalPort, 49152, 65535);
    }

    [Fact]
    public void The_MSS_over_IPv6_leaves_room_for_the_longer_header()
    {
        probe.Stack.Connect(null, Addresses.Left6, 1, probe.NowMs, null);
        Assert.Equal([0x04, 0xC4], probe.One().Option(2));
    }

    [Fact]
    public void Connecting_takes_three_segments()
    {
        TcpSocket socket = probe.Stack.Connect(null, probe.Peer, Probe.PeerPort, probe.NowMs, null);
        Segment syn = probe.One();
        probe.StackPort = syn.SourcePort;
        probe.Send(Probe.Syn | Probe.Ack, Probe.PeerIss, syn.Seq + 1);
        Segment third = probe.One();
        Assert.True(third.Is(Probe.Ack));
        Assert.Equal((syn.Seq + 1, Probe.PeerIss + 1), (third.Seq, third.Ack));
        Assert.Equal(TcpState.Established, socket.State);
    }

    [Fact]
    public void A_listener_answers_only_what_was_offered()
    {
        probe.Stack.Listen(Probe.Port, 4, null);
        probe.Send(Probe.Syn, Probe.PeerIss, 0);
        Segment answer = probe.One();
        Assert.True(answer.Is(Probe.Syn | Probe.Ack));
        Assert.Equal(Probe.PeerIss + 1, answer.Ack);
        Assert.NotSame(Segment.Missing, answer.Option(2));
        Assert.Same(Segment.Missing, answer.Option(3));
        Assert.Same(Segment.Missing, answer.Option(4));
        probe.Send(Probe.Syn, 5, 0, options: [.. Probe.Mss(1000), .. Probe.WindowScale(2), .. Probe.SackPermitted], port: 41000);
        answer = probe.One();
        Assert.NotSame(Segment.Missing, answer.Option(3));
        Assert.NotSame(Segment.Missing, answer.Option(4));
    }

    [Fact]
    public void Without_an_MSS_option_segments_carry_536_bytes_at_most()
    {
        TcpSocket socket = probe.Accept(options: []);
        Assert.Equal(536, socket.SegmentSize);
        socket.Send(new byte[2000], 0, 2000, probe.NowMs);
        Assert.Equal(536, probe.Segments()[0].Payload.Length);
    }

    [Theory]
    [InlineData(0, 536)]
    [InlineData(1, 64)]
    [InlineData(1000, 1000)]
    [InlineData(65535, 1240)]
    public void The_peers_MSS_is_kept_between_a_floor_and_our_MTU(int offered, int used) => Assert.Equal(used, probe.Accept(Probe.Mss(offered)).SegmentSize);

    [Fact]
    public void Broken_options_do_not_matter()
    {
        foreach (byte[] options in new byte[][] { [2, 0, 5, 5], [2, 3, 5, 5], [3, 40, 1, 1], [2], [3, 2, 4, 1, 0, 0, 0, 0], [254, 255, 1, 1] })
        {
            Probe fresh = new();
            byte[] padded = new byte[(options.Length + 3) / 4 * 4];
            options.CopyTo(padded, 0);
            Assert.Equal(536, fresh.Accept(padded).SegmentSize);
        }
    }

    [Fact]
    public void A_refused_connection_says_so()
    {
        TcpSocket socket = probe.Stack.Connect(null, probe.Peer, Probe.PeerPort, probe.NowMs, null);
        Segment syn = probe.One();
        probe.StackPort = syn.SourcePort;
        probe.Send(Probe.Rst | Probe.Ack, 0, syn.Seq);
        Assert.Equal(TcpState.SynSent, socket.State);
        probe.Send(Probe.Rst, 0, 0);
        Assert.Equal(TcpState.SynSent, socket.State);
        probe.Send(Probe.Rst | Probe.Ack, 0, syn.Seq + 1);
        Assert.Equal((TcpState.Closed, SocketError.ConnectionRefused), (socket.State, socket.Error));
        Assert.Equal(-1, socket.Receive(new byte[1], 0, 1, probe.NowMs));
        Assert.Equal(-1, socket.Send(new byte[1], 0, 1, probe.NowMs));
    }

    [Fact]
    public void An_acknowledgement_of_something_else_in_SYN_SENT_is_reset()
    {
        TcpSocket socket = probe.Stack.Connect(null, probe.Peer, Probe.PeerPort, probe.NowMs, null);
        Segment syn = probe.One();
        probe.StackPort = syn.SourcePort;
        probe.Send(Probe.Syn | Probe.Ack, 5, syn.Seq + 2);
        Segment rst = probe.One();
        Assert.True(rst.Is(Probe.Rst));
        Assert.Equal(syn.Seq + 2, rst.Seq);
        Assert.Equal(TcpState.SynSent, socket.State);
    }

    [Fact]
    public void SYNs_that_cross_connect_both_ends()
    {
        Wire wire = new();
        TcpSocket left = wire.Left.Connect(null, Addresses.Right4, 50001, wire.NowMs, null);
        byte[] syn = new byte[100];
        wire.Left.Poll(wire.NowMs, syn, 0);

        // The right stack's own attempt is made to look like the mirror image of the left one's.
        Probe mirror = new();
        TcpSocket right = mirror.Stack.Connect(null, Addresses.Left4, left.LocalPort, 1000, null);
        Segment other = mirror.One();
        mirror.StackPort = other.SourcePort;
        mirror.Send(Probe.Syn, 77, 0, port: left.LocalPort);
        Assert.Equal(TcpState.SynReceived, right.State);
        Segment both = mirror.One();
        Assert.True(both.Is(Probe.Syn | Probe.Ack));
        Assert.Equal((other.Seq, 78u), (both.Seq, both.Ack));
        mirror.Send(Probe.Syn | Probe.Ack, 77, other.Seq + 1, port: left.LocalPort);
        mirror.Send(Probe.Ack, 78, other.Seq + 1, port: left.LocalPort);
        Assert.Equal(TcpState.Established, right.State);
    }

    [Fact]
    public void A_SYN_goes_out_again_with_doubling_pauses_and_then_gives_up()
    {
        TcpSocket socket = probe.Stack.Connect(null, probe.Peer, Probe.PeerPort, probe.NowMs, null);
        long[] times = probe.Wait(200_000).Select(s => s.At - 1000).ToArray();
        Assert.Equal([0L, 1000, 3000, 7000, 15000, 31000, 63000], times);
        Assert.Equal((TcpState.Closed, SocketError.TimedOut), (socket.State, socket.Error));
        Assert.Equal(0, probe.Stack.TcpSocketCount);
    }

    [Fact]
    public void A_repeated_SYN_gets_the_same_answer_again()
    {
        probe.Stack.Listen(Probe.Port, 4, null);
        probe.Send(Probe.Syn, Probe.PeerIss, 0);
        Segment first = probe.One();
        probe.Send(Probe.Syn, Probe.PeerIss, 0);
        Segment second = probe.One();
        Assert.Equal((first.Seq, first.Ack, first.Flags), (second.Seq, second.Ack, second.Flags));
        Assert.Equal(1, probe.Stack.TcpSocketCount);
    }

    [Fact]
    public void Data_may_come_with_the_third_segment_and_be_queued_before_the_second()
    {
        TcpListener listener = probe.Stack.Listen(Probe.Port, 4, null);
        probe.Send(Probe.Syn, Probe.PeerIss, 0);
        Segment answer = probe.One();
        probe.Send(Probe.Ack, Probe.PeerIss + 1, answer.Seq + 1, [1, 2, 3]);
        Assert.Equal(3, listener.Accept()!.ReceiveAvailable);

        TcpSocket socket = probe.Stack.Connect(null, probe.Peer, 99, probe.NowMs, null);
        Assert.Equal(2, socket.Send([8, 9], 0, 2, probe.NowMs));
        Segment syn = probe.Segments().Last();
        probe.StackPort = syn.SourcePort;
        probe.Send(Probe.Syn | Probe.Ack, 500, syn.Seq + 1, port: 99);
        Assert.Equal([8, 9], probe.One().Payload);
    }

    [Fact]
    public void A_segment_for_no_connection_is_answered_with_RST_but_a_RST_is_not()
    {
        probe.Send(Probe.Ack, 100, 200, [1]);
        Segment rst = probe.One();
        Assert.Equal((Probe.Rst, 200u), (rst.Flags, rst.Seq));
        probe.Send(Probe.Syn, 100, 0);
        rst = probe.One();
        Assert.Equal((Probe.Rst | Probe.Ack, 0u, 101u), (rst.Flags, rst.Seq, rst.Ack));
        probe.Send(Probe.Rst, 100, 0);
        Assert.Empty(probe.Take());
    }

    [Fact]
    public void Half_open_connections_are_bounded_and_the_oldest_gives_way()
    {
        TcpListener listener = probe.Stack.Listen(Probe.Port, 4, null);
        for (int i = 0; i < 50; i++)
        {
            probe.Send(Probe.Syn, 1000, 0, port: 1000 + i);
            probe.NowMs++;
        }

        Assert.Equal(4, probe.Stack.TcpSocketCount);
        Assert.Equal(46, probe.Stack.DropCount(DropReason.TcpHalfOpenEvicted));
        Segment last = probe.Segments().Last();
        probe.Send(Probe.Ack, 1001, last.Seq + 1, port: 1049);
        Assert.NotNull(listener.Accept());
    }

    [Fact]
    public void Connections_nobody_accepts_are_bounded()
    {
        TcpListener listener = probe.Stack.Listen(Probe.Port, 2, null);
        for (int i = 0; i < 5; i++)
        {
            probe.Send(Probe.Syn, 1000, 0, port: 1000 + i);
            foreach (Segment answer in probe.Segments())
            {
                probe.Send(Probe.Ack, 1001, answer.Seq + 1, port: 1000 + i);
            }
        }

        Assert.Equal(2, listener.Waiting);
        Assert.Equal(3, probe.Stack.DropCount(DropReason.TcpBacklogFull));
        listener.Close();
        Assert.Equal(0, probe.Stack.TcpSocketCount);
        Assert.Equal(2, probe.Segments().Count(s => s.Is(Probe.Rst | Probe.Ack)));
    }

    [Fact]
    public void Without_address_or_room_the_socket_says_so_at_once()
    {
        NetStack bare = new(new SeededRandom(1), 1280);
        Assert.Equal(SocketError.AddressNotAvailable, bare.Connect(null, Addresses.Left4, 80, 0, null).Error);
        for (int i = 0; i < new StackLimits().MaxTcpSockets; i++)
        {
            Assert.Equal(SocketError.None, probe.Stack.Connect(null, probe.Peer, 80, 0, null).Error);
        }

        Assert.Equal(SocketError.NoResources, probe.Stack.Connect(null, probe.Peer, 80, 0, null).Error);
    }

    [Fact]
    public void Broken_callers_get_exceptions()
    {
        Assert.Throws<ArgumentException>(() => probe.Stack.Connect(null, new byte[5], 80, 0, null));
        Assert.Throws<ArgumentException>(() => probe.Stack.Connect(null, probe.Peer, 0, 0, null));
        probe.Stack.Listen(80, 1, null);
        Assert.Throws<InvalidOperationException>(() => probe.Stack.Listen(80, 1, null));
        Assert.Throws<ArgumentException>(() => new NetStack(new SeededRandom(1), 1279));
        Assert.Throws<ArgumentException>(() => probe.Stack.AddAddress([224, 0, 0, 1]));
    }

    [Fact]
    public void Initial_sequence_numbers_and_ports_differ_every_time()
    {
        for (int i = 0; i < 50; i++)
        {
            probe.Stack.Connect(null, probe.Peer, 80, probe.NowMs, null);
        }

        var syns = probe.Segments();
        Assert.Equal(50, syns.Select(s => s.Seq).Distinct().Count());
        Assert.Equal(50, syns.Select(s => s.SourcePort).Distinct().Count());
    }
}
