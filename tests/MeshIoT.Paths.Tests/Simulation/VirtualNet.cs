using System;
using System.Collections.Generic;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>A network that exists only here, on a clock that jumps from event to event. The same seed makes the same history.</summary>
sealed class VirtualNet
{
    readonly PriorityQueue<Action, (long AtMs, long Order)> events = new();
    readonly List<VirtualNode> nodes = [];
    long order;

    public VirtualNet(int seed)
    {
        Random = new Random(seed);
        Internet = new Site(this);
        Relays = new VirtualRelays(this);
    }

    public long NowMs { get; private set; } = 1_000_000;

    public Random Random { get; }

    public Site Internet { get; }

    public VirtualRelays Relays { get; }

    /// <summary>What gets through nowhere, by datagram or relay.</summary>
    public Func<byte[], bool> Drops { get; set; } = static _ => false;

    /// <summary>What gets through as no datagram.</summary>
    public Func<byte[], bool> DropsDirect { get; set; } = static _ => false;

    public IReadOnlyList<VirtualNode> Nodes => nodes;

    public void Add(VirtualNode node) => nodes.Add(node);

    public void Remove(VirtualNode node) => nodes.Remove(node);

    public void Later(long delayMs, Action what) => events.Enqueue(what, (NowMs + delayMs, order++));

    /// <summary>A router's inside, attached to a site.</summary>
    public Nat AddNat(Site outside, string address, NatKind kind, int delayMs = 0)
    {
        Site inside = new(this);
        Nat nat = new(this, inside, kind) { DelayMs = delayMs };
        inside.Way = nat;
        outside.Attach(nat, Place.Ip(address));
        Insides[nat] = inside;
        return nat;
    }

    public Dictionary<Nat, Site> Insides { get; } = [];

    /// <summary>Lets time pass; <paramref name="until"/> may end it sooner. True when it did.</summary>
    public bool Pass(long ms, Func<bool>? until = null)
    {
        long end = NowMs + ms;
        while (true)
        {
            Settle();
            if (until?.Invoke() == true)
            {
                return true;
            }

            long next = events.TryPeek(out _, out (long AtMs, long Order) due) ? due.AtMs : long.MaxValue;
            foreach (VirtualNode node in nodes)
            {
                next = Math.Min(next, node.NextWakeMs);
            }

            if (next > end)
            {
                NowMs = end;
                return false;
            }

            NowMs = Math.Max(NowMs, next);
            while (events.TryPeek(out _, out due) && due.AtMs <= NowMs)
            {
                events.Dequeue()();
            }
        }
    }

    void Settle()
    {
        foreach (VirtualNode node in nodes)
        {
            node.Run();
        }
    }
}
