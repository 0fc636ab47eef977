using System;
using System.Collections.Generic;

namespace MeshIoT.NetStack.Tests;

/// <summary>Two stacks, a bad network between them, and a virtual clock that jumps from event to event.</summary>
internal sealed class Wire
{
    readonly PriorityQueue<(NetStack To, byte[] Packet), (long At, long Order)> inFlight = new();
    readonly byte[] output = new byte[65536];
    readonly FaultInjector faults;
    long order;

    public Wire(FaultInjector? faults = null, StackLimits? limits = null, int seed = 1, int mtu = 1280)
    {
        this.faults = faults ?? new FaultInjector(seed);
        Left = new NetStack(new SeededRandom(seed), mtu, limits ?? new StackLimits());
        Right = new NetStack(new SeededRandom(seed + 1), mtu, limits ?? new StackLimits());
        Left.AddAddress(Addresses.Left4);
        Left.AddAddress(Addresses.Left6);
        Right.AddAddress(Addresses.Right4);
        Right.AddAddress(Addresses.Right6);
    }

    public NetStack Left { get; }

    public NetStack Right { get; }

    public long NowMs { get; private set; } = 1000;

    /// <summary>Sees every packet before the faults do; false = it is lost.</summary>
    public Func<NetStack, byte[], bool>? Filter { get; set; }

    public long Packets { get; private set; }

    /// <summary>Runs until the condition holds (true), nothing is left to do, or so much virtual time has passed.</summary>
    public bool Run(Func<bool> until, long forMs = 600_000)
    {
        long end = NowMs + forMs;
        while (true)
        {
            Flush();
            if (until())
            {
                return true;
            }

            long next = Math.Min(Left.NextWakeMs, Right.NextWakeMs);
            if (inFlight.TryPeek(out _, out var first))
            {
                next = Math.Min(next, first.At);
            }

            if (next > end)
            {
                NowMs = end;
                Flush();
                return until();
            }

            NowMs = Math.Max(NowMs, next);
            while (inFlight.TryPeek(out var item, out first) && first.At <= NowMs)
            {
                inFlight.Dequeue();
                item.To.Input(item.Packet, 0, item.Packet.Length, NowMs);
                Flush(item.To);
            }
        }
    }

    public void Advance(long ms) => Run(() => false, ms);

    /// <summary>A connection both ends of which are open.</summary>
    public (TcpSocket Client, TcpSocket Server) Connect(bool ipv6 = false)
    {
        TcpListener listener = Right.Listen(80, 8, null);
        TcpSocket client = Left.Connect(null, ipv6 ? Addresses.Right6 : Addresses.Right4, 80, NowMs, null);
        TcpSocket? server = null;
        if (!Run(() => (server ??= listener.Accept()) is not null && client.State == TcpState.Established))
        {
            throw new InvalidOperationException($"no connection: {client.State} {client.Error}");
        }

        listener.Close();
        return (client, server!);
    }

    void Flush()
    {
        Flush(Left);
        Flush(Right);
    }

    void Flush(NetStack from)
    {
        int length;
        while ((length = from.Poll(NowMs, output, 0)) > 0)
        {
            Packets++;
            byte[] packet = output.AsSpan(0, length).ToArray();
            NetStack to = from == Left ? Right : Left;
            if ((Filter is not null && !Filter(from, packet)) || faults.Drops())
            {
                continue;
            }

            for (int copies = faults.Duplicates() ? 2 : 1; copies > 0; copies--)
            {
                byte[] copy = (byte[])packet.Clone();
                faults.MayCorrupt(copy);
                inFlight.Enqueue((to, copy), (NowMs + faults.Delay(), order++));
            }
        }
    }
}
