using System;
using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 5961: somebody who does not see the connection cannot end it or write into it.</summary>
public class TcpAttackTests
{
    readonly Probe probe = new();

    [Fact]
    public void Only_the_exact_sequence_number_resets()
    {
        TcpSocket socket = probe.Accept();
        foreach (uint offset in new uint[] { 1, 100, 60000 })
        {
            probe.Send(Probe.Rst, probe.Seq + offset, 0);
            Segment challenge = probe.One();
            Assert.Equal((Probe.Ack, probe.StackSeq, probe.Seq), (challenge.Flags, challenge.Seq, challenge.Ack));
            probe.NowMs += 500;
        }

        Assert.Equal(TcpState.Established, socket.State);
        probe.Send(Probe.Rst, probe.Seq, 0);
        Assert.Equal((TcpState.Closed, SocketError.ConnectionReset), (socket.State, socket.Error));
        Assert.Empty(probe.Take());
    }

    [Fact]
    public void A_RST_outside_the_window_is_not_even_answered()
    {
        TcpSocket socket = probe.Accept();
        foreach (uint offset in new uint[] { uint.MaxValue, 65537, 1u << 31, 3000000000 })
        {
            probe.Send(Probe.Rst, probe.Seq + offset, 0);
        }

        Assert.Empty(probe.Take());
        Assert.Equal(TcpState.Established, socket.State);
        Assert.Equal(4, probe.Stack.DropCount(DropReason.TcpOutsideWindow));
    }

    [Fact]
    public void A_SYN_in_a_connection_is_challenged_wherever_it_lies()
    {
        TcpSocket socket = probe.Accept();
        foreach (uint offset in new uint[] { 0, 100, 1u << 30 })
        {
            probe.Send(Probe.Syn, probe.Seq + offset, 0);
            Assert.True(probe.One().Is(Probe.Ack));
            probe.NowMs += 500;
        }

        Assert.Equal(TcpState.Established, socket.State);
    }

    [Fact]
    public void Challenges_are_rate_limited()
    {
        probe.Accept();
        int answers = 0;
        for (int i = 0; i < 100; i++)
        {
            probe.Send(Probe.Rst, probe.Seq + 5, 0);
            answers += probe.Take().Count;
            probe.NowMs += 10;
        }

        Assert.Equal(2, answers);
        Assert.Equal(98, probe.Stack.DropCount(DropReason.RateLimited));
    }

    [Fact]
    public void Data_with_an_impossible_acknowledgement_is_not_taken()
    {
        TcpSocket socket = probe.Accept();
        probe.Send(Probe.Ack, probe.Seq, probe.StackSeq + 1, [1]);
        probe.Send(Probe.Ack, probe.Seq, probe.StackSeq - 70000, [1]);
        Assert.Equal(0, socket.ReceiveAvailable);
        Assert.Equal(2, probe.Stack.DropCount(DropReason.TcpBadAck));
        probe.Send(Probe.Ack, probe.Seq, probe.StackSeq - 1000, [1]);
        Assert.Equal(1, socket.ReceiveAvailable);
    }

    [Fact]
    public void A_segment_without_ACK_is_ignored()
    {
        TcpSocket socket = probe.Accept();
        probe.Send(0, probe.Seq, 0, [1]);
        probe.Send(Probe.Fin, probe.Seq, 0);
        Assert.Equal((0, TcpState.Established), (socket.ReceiveAvailable, socket.State));
        Assert.Equal(2, probe.Stack.DropCount(DropReason.TcpBadFlags));
    }

    [Fact]
    public void Every_flag_combination_in_every_state_is_survived()
    {
        Random random = new(5);
        for (int round = 0; round < 3000; round++)
        {
            Probe fresh = new(seed: round);
            TcpListener listener = fresh.Stack.Listen(Probe.Port, 4, null);
            TcpSocket? socket = null;
            for (int i = 0; i < 12; i++)
            {
                uint seq = random.Next(4) == 0 ? (uint)random.NextInt64() : fresh.Seq + (uint)random.Next(-3, 4);
                uint ack = random.Next(4) == 0 ? (uint)random.NextInt64() : fresh.StackSeq + (uint)random.Next(-2, 3);
                fresh.Window = random.Next(65536);
                fresh.Send(random.Next(64), seq, ack, new byte[random.Next(4)], random.Next(3) == 0 ? RandomOptions(random) : null);
                foreach (Segment s in fresh.Segments())
                {
                    fresh.StackSeq = s.Seq + (uint)s.Payload.Length + (uint)(s.Flags & 1) + (uint)((s.Flags >> 1) & 1);
                    fresh.Seq = (s.Flags & Probe.Ack) != 0 ? s.Ack : fresh.Seq;
                }

                socket ??= listener.Accept();
                if (random.Next(6) == 0)
                {
                    socket?.CloseWrite(fresh.NowMs);
                    socket?.Receive(new byte[10], 0, 10, fresh.NowMs);
                }

                socket?.Send(new byte[10], 0, random.Next(10), fresh.NowMs);
                fresh.NowMs += random.Next(300);
            }

            socket?.Release();
            fresh.Wait(1_000_000);
            listener.Close();
            Assert.Equal(0, fresh.Stack.TcpSocketCount);
        }
    }

    static byte[] RandomOptions(Random random)
    {
        byte[] options = new byte[4 * random.Next(1, 11)];
        random.NextBytes(options);
        options[0] = (byte)random.Next(6);
        return options;
    }

    [Fact]
    public void A_flood_of_SYNs_leaves_memory_and_sockets_bounded()
    {
        probe.Stack.Listen(Probe.Port, 16, null);
        for (int i = 0; i < 10_000; i++)
        {
            probe.Send(Probe.Syn, (uint)i, 0, port: 1 + (i % 60000));
            if (i % 100 == 0)
            {
                probe.Take();
            }
        }

        Assert.Equal(16, probe.Stack.TcpSocketCount);
        Assert.Equal(0, probe.Stack.Memory.Used);
    }

    [Fact]
    public void Buffers_of_all_connections_share_one_budget()
    {
        StackLimits limits = new() { BufferBytes = 20_000 };
        Wire wire = new(limits: limits);
        TcpListener listener = wire.Right.Listen(81, 16, null);
        var clients = Enumerable.Range(0, 6).Select(_ => wire.Left.Connect(null, Addresses.Right4, 81, wire.NowMs, null)).ToList();
        wire.Advance(1000);
        foreach (TcpSocket client in clients)
        {
            client.Send(new byte[60000], 0, 60000, wire.NowMs);
        }

        wire.Advance(60_000);
        Assert.InRange(wire.Right.Memory.Used, 1, 20_000);
        Assert.InRange(wire.Left.Memory.Used, 0, 20_000);
        Assert.True(wire.Left.DropCount(DropReason.NoMemory) + wire.Right.DropCount(DropReason.NoMemory) > 0);
        clients.ForEach(c => c.Abort());
        TcpSocket? accepted;
        while ((accepted = listener.Accept()) is not null)
        {
            accepted.Abort();
        }

        wire.Advance(120_000);
        Assert.Equal((0, 0), (wire.Left.Memory.Used, wire.Right.Memory.Used));
    }
}
