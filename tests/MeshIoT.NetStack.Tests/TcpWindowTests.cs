using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 9293 section 3.8.6 (windows, probes, silly windows) and RFC 7323 section 2 (scaling).</summary>
public class TcpWindowTests
{
    readonly byte[] buffer = new byte[100_000];

    [Fact]
    public void Never_more_is_sent_than_the_window_offers()
    {
        Probe probe = new() { Window = 2500 };
        TcpSocket socket = probe.Accept();
        socket.Send(buffer, 0, 10_000, probe.NowMs);
        Assert.Equal([1000, 1000], probe.Segments().Select(s => s.Payload.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(14)]
    [InlineData(200)]
    public void The_peers_window_is_scaled_as_it_said_at_most_by_14(int shift)
    {
        Probe probe = new(StackLimits.Host()) { Window = 3 };
        TcpSocket socket = probe.Accept([.. Probe.Mss(100), .. Probe.WindowScale(shift)]);
        socket.Send(buffer, 0, 100_000, probe.NowMs);
        int offered = 3 << System.Math.Min(shift, 14);
        Assert.Equal(System.Math.Min(offered, 1000), probe.Segments().Sum(s => s.Payload.Length));
    }

    [Fact]
    public void The_window_of_a_SYN_is_never_scaled_and_later_ones_are()
    {
        Probe probe = new(StackLimits.Host());
        TcpListener listener = probe.Stack.Listen(Probe.Port, 4, null);
        probe.Send(Probe.Syn, Probe.PeerIss, 0, options: Probe.WindowScale(7));
        Segment answer = probe.One();
        Assert.Equal(65535, answer.Window);
        int shift = answer.Option(3)[0];
        Assert.Equal(4, shift);
        probe.Send(Probe.Ack, Probe.PeerIss + 1, answer.Seq + 1, new byte[100]);
        listener.Accept();
        Segment ack = probe.Wait(100).Single().Segment;
        Assert.InRange(ack.Window << shift, (512 * 1024) - 100 - 15, (512 * 1024) - 100);
    }

    [Fact]
    public void Without_the_option_from_the_peer_nothing_is_scaled()
    {
        Probe probe = new(StackLimits.Host());
        probe.Connect(Probe.Mss(1000));
        probe.SendData([1]);
        Assert.Equal(65535, probe.Wait(100).Single().Segment.Window);
    }

    [Fact]
    public void An_offer_is_never_larger_than_the_room_also_when_data_passes_an_edge_that_scaling_rounded_down()
    {
        Probe probe = new(StackLimits.Host());
        TcpSocket socket = probe.Accept([.. Probe.Mss(1240), .. Probe.WindowScale(7)]);
        int room = 512 * 1024;
        for (int size = 1237; room > 0; room -= size)
        {
            size = System.Math.Min(size, room);
            probe.SendData(new byte[size]);
            Assert.All(probe.Segments(), s => Assert.InRange(s.Window << 4, 0, room - size));
        }

        Assert.Equal(512 * 1024, socket.ReceiveAvailable);
        Assert.All(probe.Wait(100), s => Assert.Equal(0, s.Segment.Window));
    }

    [Fact]
    public void A_full_buffer_shuts_the_window_and_reading_opens_it()
    {
        Probe probe = new(new StackLimits { TcpReceiveBytes = 4096 });
        TcpSocket socket = probe.Accept();
        probe.SendData(Packets.Numbered(4096));
        Assert.Equal(0, probe.Segments().Last().Window);
        probe.Send(Probe.Ack, probe.Seq, probe.StackSeq, [9]);
        Segment refusal = probe.One();
        Assert.Equal((probe.Seq, 0), (refusal.Ack, refusal.Window));
        Assert.Equal(4096, socket.ReceiveAvailable);
        socket.Receive(buffer, 0, 4096, probe.NowMs);
        Assert.Equal(4096, probe.One().Window);
    }

    [Fact]
    public void A_window_that_is_hardly_open_is_not_offered()
    {
        Probe probe = new(new StackLimits { TcpReceiveBytes = 8192 });
        TcpSocket socket = probe.Accept();
        probe.SendData(new byte[8192]);
        probe.Take();
        for (int i = 0; i < 20; i++)
        {
            socket.Receive(buffer, 0, 50, probe.NowMs);
        }

        Assert.Empty(probe.Take());
        socket.Receive(buffer, 0, 2000, probe.NowMs);
        Assert.Equal(3000, probe.One().Window);
    }

    [Fact]
    public void A_shut_window_is_probed_with_growing_pauses_for_as_long_as_the_peer_answers()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        probe.Window = 0;
        probe.Acknowledge();
        socket.Send([7, 8], 0, 2, probe.NowMs);
        Assert.Empty(probe.Take());
        long last = probe.NowMs;
        double pause = 0;
        for (int i = 0; i < 30; i++)
        {
            Segment s = probe.Next(61_000);
            Assert.Equal((probe.StackSeq, 1), (s.Seq, s.Payload.Length));
            Assert.True(probe.NowMs - last >= pause || probe.NowMs - last >= 59_000);
            (pause, last) = (probe.NowMs - last, probe.NowMs);
            probe.Acknowledge();
        }

        Assert.Equal(TcpState.Established, socket.State);
        probe.Window = 1000;
        probe.Acknowledge();
        Assert.Equal([7, 8], probe.One().Payload);
    }

    [Fact]
    public void A_probe_that_is_taken_counts_as_sent()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        probe.Window = 0;
        probe.Acknowledge();
        socket.Send([7, 8], 0, 2, probe.NowMs);
        probe.Wait(1500);
        probe.Window = 1000;
        probe.StackSeq++;
        probe.Acknowledge();
        Segment rest = probe.One();
        Assert.Equal((probe.StackSeq, 8), (rest.Seq, rest.Payload.Single()));
    }

    [Fact]
    public void A_peer_that_answers_no_probe_is_given_up()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        probe.Window = 0;
        probe.Acknowledge();
        socket.Send([7], 0, 1, probe.NowMs);
        probe.Wait(1_000_000);
        Assert.Equal((TcpState.Closed, SocketError.TimedOut), (socket.State, socket.Error));
    }

    [Fact]
    public void A_FIN_waits_for_a_shut_window_too()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        probe.Window = 0;
        probe.Acknowledge();
        socket.CloseWrite(probe.NowMs);
        Assert.Empty(probe.Take());
        Assert.True(probe.Wait(1500).First().Segment.Is(Probe.Fin | Probe.Ack));
        probe.StackSeq++;
        probe.Acknowledge();
        Assert.Equal(TcpState.FinWait2, socket.State);
    }

    [Fact]
    public void A_small_piece_of_a_large_window_waits_for_more_room_but_not_for_ever()
    {
        Probe probe = new() { Window = 10_000 };
        TcpSocket socket = probe.Accept();
        probe.Window = 100;
        probe.Acknowledge();
        socket.Send(buffer, 0, 500, probe.NowMs);
        Assert.Empty(probe.Take());
        Assert.Equal(100, probe.Wait(1500).First().Segment.Payload.Length);
    }

    [Fact]
    public void An_older_segment_does_not_change_the_window()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        probe.Window = 5000;
        probe.SendData([1, 2, 3]);
        probe.SendData([4, 5]);
        probe.Take();
        probe.Window = 0;
        probe.Send(Probe.Ack, probe.Seq - 5, probe.StackSeq, [1, 2, 3, 4, 5, 6]);
        socket.Send(buffer, 0, 4000, probe.NowMs);
        Assert.Contains(probe.Segments(), s => s.Payload.Length == 1000);
    }

    [Fact]
    public void Small_pieces_go_at_once_unless_the_owner_wants_them_gathered()
    {
        Probe probe = new();
        TcpSocket socket = probe.Accept();
        socket.Send([1], 0, 1, probe.NowMs);
        Assert.Single(probe.Take());
        socket.Send([2], 0, 1, probe.NowMs);
        Assert.Single(probe.Take());
        socket.NoDelay = false;
        socket.Send([3], 0, 1, probe.NowMs);
        Assert.Empty(probe.Take());
        socket.Send([4], 0, 1, probe.NowMs);
        probe.StackSeq += 2;
        probe.Acknowledge();
        Assert.Equal([3, 4], probe.One().Payload);
    }

    [Fact]
    public void A_full_send_buffer_takes_no_more_and_tells_when_it_does_again()
    {
        Probe probe = new(new StackLimits { TcpSendBytes = 3000 });
        TcpSocket socket = probe.Accept();
        CountingObserver observer = new();
        socket.Observer = observer;
        Assert.Equal(3000, socket.Send(buffer, 0, 5000, probe.NowMs));
        Assert.Equal(0, socket.SendRoom);
        Assert.Equal(0, socket.Send(buffer, 0, 1, probe.NowMs));
        Assert.Equal(3, probe.Segments().Count);
        probe.StackSeq += 1000;
        probe.Acknowledge();
        Assert.Equal(1, observer.Tcp);
        Assert.Equal(1000, socket.SendRoom);
    }
}
