using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 9293 sections 3.6 and 3.10.4 to 3.10.8: every way a connection ends.</summary>
public class TcpCloseTests
{
    readonly Probe probe = new();
    readonly byte[] buffer = new byte[4000];

    [Fact]
    public void Closing_first_goes_through_FIN_WAIT_and_TIME_WAIT()
    {
        TcpSocket socket = probe.Accept();
        socket.CloseWrite(probe.NowMs);
        Segment fin = probe.One();
        Assert.True(fin.Is(Probe.Fin | Probe.Ack));
        Assert.Equal(TcpState.FinWait1, socket.State);
        probe.StackSeq++;
        probe.Acknowledge();
        Assert.Equal(TcpState.FinWait2, socket.State);
        probe.SendData([1, 2, 3]);
        Assert.Equal(3, socket.Receive(buffer, 0, 10, probe.NowMs));
        probe.Send(Probe.Fin | Probe.Ack, probe.Seq, probe.StackSeq);
        Assert.Equal(TcpState.TimeWait, socket.State);
        Assert.Equal(probe.Seq + 1, probe.One().Ack);
        Assert.Equal(-1, socket.Receive(buffer, 0, 10, probe.NowMs));
        probe.Wait(9_999);
        Assert.Equal(TcpState.TimeWait, socket.State);
        probe.Wait(2);
        Assert.Equal((TcpState.Closed, SocketError.None), (socket.State, socket.Error));
        Assert.Equal(0, probe.Stack.TcpSocketCount);
    }

    [Fact]
    public void Closing_second_goes_through_CLOSE_WAIT_and_LAST_ACK()
    {
        TcpSocket socket = probe.Accept();
        probe.Send(Probe.Fin | Probe.Ack, probe.Seq++, probe.StackSeq);
        Assert.Equal(TcpState.CloseWait, socket.State);
        Assert.Equal(probe.Seq, probe.One().Ack);
        Assert.Equal(-1, socket.Receive(buffer, 0, 10, probe.NowMs));
        Assert.Equal(3, socket.Send([1, 2, 3], 0, 3, probe.NowMs));
        socket.CloseWrite(probe.NowMs);
        Segment last = probe.One();
        Assert.Equal((Probe.Fin | Probe.Ack | Probe.Psh, 3), (last.Flags, last.Payload.Length));
        Assert.Equal(TcpState.LastAck, socket.State);
        probe.StackSeq += 4;
        probe.Acknowledge();
        Assert.Equal((TcpState.Closed, SocketError.None), (socket.State, socket.Error));
        Assert.Equal(0, probe.Stack.TcpSocketCount);
    }

    [Fact]
    public void FINs_that_cross_go_through_CLOSING()
    {
        TcpSocket socket = probe.Accept();
        socket.CloseWrite(probe.NowMs);
        _ = probe.One();
        probe.Send(Probe.Fin | Probe.Ack, probe.Seq++, probe.StackSeq);
        Assert.Equal(TcpState.Closing, socket.State);
        probe.StackSeq++;
        probe.Acknowledge();
        Assert.Equal(TcpState.TimeWait, socket.State);
    }

    [Fact]
    public void A_FIN_before_the_data_in_front_of_it_waits()
    {
        TcpSocket socket = probe.Accept();
        probe.Send(Probe.Fin | Probe.Ack, probe.Seq + 3, probe.StackSeq, [4, 5]);
        Assert.Equal(TcpState.Established, socket.State);
        probe.Send(Probe.Ack, probe.Seq, probe.StackSeq, [1, 2, 3]);
        Assert.Equal(TcpState.CloseWait, socket.State);
        Assert.Equal(5, socket.Receive(buffer, 0, 10, probe.NowMs));
        Assert.Equal([1, 2, 3, 4, 5], buffer[..5]);
        Assert.Equal(probe.Seq + 6, probe.Segments().Last().Ack);
    }

    [Fact]
    public void A_lost_FIN_is_sent_again()
    {
        TcpSocket socket = probe.Accept();
        socket.CloseWrite(probe.NowMs);
        var sent = probe.Wait(1000);
        Assert.True(sent.Count >= 2);
        Assert.All(sent, s => Assert.True(s.Segment.Is(Probe.Fin | Probe.Ack) && s.Segment.Seq == probe.StackSeq));
    }

    [Fact]
    public void In_TIME_WAIT_a_repeated_FIN_starts_it_again_and_a_RST_does_nothing()
    {
        TcpSocket socket = Closed(out _);
        probe.Wait(9000);
        probe.Send(Probe.Fin | Probe.Ack, probe.Seq - 1, probe.StackSeq);
        Assert.Equal(probe.Seq, probe.One().Ack);
        probe.Send(Probe.Rst, probe.Seq, 0);
        probe.Wait(9000);
        Assert.Equal(TcpState.TimeWait, socket.State);
        probe.Wait(1001);
        Assert.Equal(TcpState.Closed, socket.State);
    }

    [Fact]
    public void In_TIME_WAIT_a_newer_SYN_begins_a_new_connection_and_an_older_one_does_not()
    {
        Closed(out TcpListener listener);
        probe.Send(Probe.Syn, probe.Seq - 100, 0);
        Assert.True(probe.One().Is(Probe.Ack));
        probe.Send(Probe.Syn, probe.Seq + 1, 0);
        Segment answer = probe.One();
        Assert.True(answer.Is(Probe.Syn | Probe.Ack));
        probe.Send(Probe.Ack, probe.Seq + 2, answer.Seq + 1);
        Assert.NotNull(listener.Accept());
    }

    /// <summary>A connection in TIME-WAIT, and the listener it came from, still open.</summary>
    TcpSocket Closed(out TcpListener listener)
    {
        TcpSocket socket = probe.Accept();
        listener = probe.Stack.Listen(Probe.Port, 4, null);
        socket.CloseWrite(probe.NowMs);
        probe.StackSeq++;
        probe.Send(Probe.Fin | Probe.Ack, probe.Seq++, probe.StackSeq - 1);
        probe.Take();
        probe.Acknowledge();
        Assert.Equal(TcpState.TimeWait, socket.State);
        probe.Take();
        return socket;
    }

    [Fact]
    public void A_full_table_gives_up_its_oldest_TIME_WAIT()
    {
        Wire wire = new(limits: new StackLimits { MaxTcpSockets = 2 });
        for (int i = 0; i < 6; i++)
        {
            (TcpSocket client, TcpSocket server) = wire.Connect();
            client.Release();
            server.Release();
            wire.Advance(100);
        }

        Assert.True(wire.Left.TcpSocketCount <= 2);
    }

    [Fact]
    public void Abort_resets_the_peer()
    {
        TcpSocket socket = probe.Accept();
        socket.Send([1, 2], 0, 2, probe.NowMs);
        _ = probe.One();
        socket.Abort();
        Segment rst = probe.One();
        Assert.Equal((Probe.Rst | Probe.Ack, probe.StackSeq + 2), (rst.Flags, rst.Seq));
        Assert.Equal((TcpState.Closed, SocketError.ConnectionAborted), (socket.State, socket.Error));
    }

    [Fact]
    public void Releasing_with_unread_data_resets_and_without_closes_in_order()
    {
        TcpSocket socket = probe.Accept();
        probe.SendData([1]);
        socket.Release();
        Assert.Contains(probe.Segments(), s => (s.Flags & Probe.Rst) != 0);

        Probe other = new();
        socket = other.Accept();
        socket.Release();
        Assert.True(other.One().Is(Probe.Fin | Probe.Ack));
    }

    [Fact]
    public void Data_for_a_released_socket_is_answered_with_RST()
    {
        TcpSocket socket = probe.Accept();
        socket.Release();
        _ = probe.One();
        probe.StackSeq++;
        probe.SendData([1]);
        Assert.Contains(probe.Segments(), s => (s.Flags & Probe.Rst) != 0);
        Assert.Equal(0, probe.Stack.TcpSocketCount);
    }

    [Fact]
    public void A_released_socket_whose_peer_never_closes_does_not_stay_for_ever()
    {
        TcpSocket socket = probe.Accept();
        socket.Release();
        probe.Take();
        probe.StackSeq++;
        probe.Acknowledge();
        Assert.Equal(TcpState.FinWait2, socket.State);
        var sent = probe.Wait(61_000);
        Assert.Equal(0, probe.Stack.TcpSocketCount);
        Assert.Contains(sent, s => (s.Segment.Flags & Probe.Rst) != 0);
    }

    [Fact]
    public void Removing_an_address_ends_its_connections()
    {
        TcpSocket socket = probe.Accept();
        probe.Stack.RemoveAddress(probe.Self);
        Assert.Equal((TcpState.Closed, SocketError.ConnectionAborted), (socket.State, socket.Error));
        probe.SendData([1]);
        Assert.Equal(1, probe.Stack.DropCount(DropReason.NotForUs));
    }
}
