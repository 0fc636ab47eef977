using System;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>After warm-up a packet costs no memory: a garbage collector on a microcontroller must have nothing to do.</summary>
public class AllocationTests
{
    readonly byte[] buffer = new byte[2000], received = new byte[2000];
    readonly NetStack left, right;
    readonly UdpSource source = new();
    long nowMs = 1000;

    public AllocationTests()
    {
        left = new NetStack(new SeededRandom(1), 1280);
        right = new NetStack(new SeededRandom(2), 1280);
        left.AddAddress(Addresses.Left4);
        right.AddAddress(Addresses.Right4);
    }

    void Exchange()
    {
        bool moved = true;
        while (moved)
        {
            moved = Move(left, right) | Move(right, left);
        }

        nowMs++;
    }

    bool Move(NetStack from, NetStack to)
    {
        int length = from.Poll(nowMs, buffer, 0);
        if (length > 0)
        {
            to.Input(buffer, 0, length, nowMs);
        }

        return length > 0;
    }

    static long Allocated(Action work)
    {
        work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void A_TCP_transfer_allocates_nothing()
    {
        TcpListener listener = right.Listen(80, 4, null);
        TcpSocket client = left.Connect(null, Addresses.Right4, 80, nowMs, null);
        Exchange();
        TcpSocket server = listener.Accept()!;
        byte[] data = new byte[1500];
        Assert.Equal(0, Allocated(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                client.Send(data, 0, data.Length, nowMs);
                Exchange();
                while (server.Receive(received, 0, received.Length, nowMs) > 0)
                {
                }
            }
        }));
    }

    [Fact]
    public void UDP_and_ping_allocate_nothing()
    {
        UdpSocket a = left.OpenUdp(1, null), b = right.OpenUdp(2, null);
        Assert.Equal(0, Allocated(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                a.SendTo(received, 0, 500, Addresses.Right4, 2);
                left.SendEcho(Addresses.Right4, 1, i, received, 0, 100);
                Exchange();
                if (b.ReceiveFrom(received, 0, received.Length, source) != 500)
                {
                    throw new InvalidOperationException("a datagram is missing");
                }
            }
        }));
    }

    [Fact]
    public void An_idle_connection_holds_no_buffers()
    {
        TcpListener listener = right.Listen(80, 4, null);
        left.Connect(null, Addresses.Right4, 80, nowMs, null);
        Exchange();
        Assert.NotNull(listener.Accept());
        Assert.Equal((0, 0), (left.Memory.Used, right.Memory.Used));
    }
}
