using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>
/// One random life of two nodes that talk: what kind of networks they are on and what happens to these is drawn from a seed. After every
/// event, traffic must flow again within the time that the event allows, as long as there is any way at all.
/// </summary>
sealed class History : IDisposable
{
    const int Events = 8, Interval = 100;

    readonly List<string> log = [];
    readonly VirtualNet net;
    readonly Coordinator coordinator;
    readonly Random random;
    readonly NodePrivateKey keyA, keyB;
    Household homeA, homeB;
    VirtualNode a, b;
    int moves;

    public History(int seed)
    {
        net = new VirtualNet(seed);
        random = net.Random;
        coordinator = new Coordinator(net);
        SeededRandom keys = new(seed);
        keyA = NodePrivateKey.Generate(keys);
        keyB = NodePrivateKey.Generate(keys);
        net.Relays.Start(1);
        net.Relays.Start(2);
        int delayA = random.Next(1, 60), delayB = random.Next(1, 60);
        homeA = Household.Build(net, 1, AnyKind, delayA);
        homeB = random.Next(8) == 0 && homeA.Routers.Count > 0 ? homeA : Household.Build(net, 2, AnyKind, delayB);
        a = Place(1, homeA, keyA, delayA);
        b = Place(2, homeB, keyB, delayB);
        a.Relay.SetHome(1);
        b.Relay.SetHome(random.Next(1, 3));
        Note($"seed {seed}: {homeA.Words} (home {a.Relay.Home}, {delayA} ms), {(homeA == homeB ? "same place" : homeB.Words)} (home {b.Relay.Home}, {delayB} ms)");
    }

    public string Log => string.Join(Environment.NewLine, log);

    /// <summary>What is wrong, or null.</summary>
    public string? Run()
    {
        net.Pass(1_000);
        coordinator.TellAll();
        coordinator.Start();
        net.Pass(random.Next(1, 2_000));
        a.Host.Mark();
        a.Host.Talk(b, Interval);
        if (!net.Pass(2_000, () => a.Host.Answers > 0))
        {
            return "no first answer within 2 s";
        }

        // A relay that is not home to both has to be dialled first.
        a.Host.Mark();
        if (Check(1_000, 900) is { } early)
        {
            return "at the beginning: " + early;
        }

        for (int i = 0; i < Events; i++)
        {
            net.Pass(random.Next(500, 9_000));
            Note($"{net.NowMs} before: {State()}");
            (string what, int within, int stall) = Happen();
            Note($"{net.NowMs} {what}");
            a.Host.Mark();
            if (Check(within, stall) is { } wrong)
            {
                return $"after '{what}': {wrong}";
            }
        }

        return null;
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        keyA.Dispose();
        keyB.Dispose();
    }

    // Within so long it flows again, and goes on doing so; and where the stall is bounded, it was not longer.
    string? Check(int within, int stall)
    {
        long began = net.NowMs;
        net.Pass(within);
        if (a.Host.GapMs > within && a.Host.AnsweredMs < began)
        {
            return $"nothing for {within} ms; {State()}";
        }

        if (stall > 0 && a.Host.GapMs > stall)
        {
            return $"stalled {a.Host.GapMs} ms; {State()}";
        }

        a.Host.Mark();
        net.Pass(3_000);
        if (a.Host.GapMs > 1_000)
        {
            return $"stalled {a.Host.GapMs} ms later; {State()}";
        }

        bool quiet = net.Relays.Up.Count > 0 && !coordinator.IsAway && homeA.Routers.Concat(homeB.Routers).All(static nat => nat.Loss == 0);
        if (quiet && Household.CanMeet(homeA, homeB) == true && !net.Pass(25_000, () => a.IsDirectTo(b) && b.IsDirectTo(a)))
        {
            return $"not direct although it can be; {State()}";
        }

        return null;
    }

    string State() => $"a {Way(a, b)}, b {Way(b, a)}, relays up {string.Join(",", net.Relays.Up)}, homes {a.Relay.Home} {b.Relay.Home}";

    static string Way(VirtualNode from, VirtualNode to) => from.CellOf(to) is { } cell
        ? cell.Region != 0 ? $"by relay {cell.Region}" : cell.EndpointForPeople?.ToString() ?? "nowhere" : "unknown";

    (string What, int Within, int Stall) Happen()
    {
        while (true)
        {
            if (TryHappen(random.Next(11), isA: random.Next(2) == 0) is { } happened)
            {
                return happened;
            }
        }
    }

    (string What, int Within, int Stall)? TryHappen(int what, bool isA)
    {
        Household home = isA ? homeA : homeB;
        string who = isA ? "a" : "b";
        bool relayed = net.Relays.Up.Contains(a.Relay.Home) && net.Relays.Up.Contains(b.Relay.Home);
        bool clear = homeA.Routers.Concat(homeB.Routers).All(static nat => nat.Loss == 0);
        bool routed = home.Routers.Count > 0;
        int stall = relayed && clear ? 1_300 : 0, within = relayed ? 1_500 : 12_000;
        switch (what)
        {
            case 0 or 1 when routed:
                home.Routers[random.Next(home.Routers.Count)].Reboot();
                return ($"a router of {who} reboots", within, stall);
            case 2 when routed:
                net.Internet.Attach(home.Routers[^1], Simulation.Place.Ip($"198.51.100.{++moves}"));
                return ($"{who} gets another address from its provider", within, stall);
            case 3:
                Move(isA);
                return ($"{who} moves to {(isA ? homeA : homeB).Words}", within, stall);
            case 4 when net.Relays.Up.Count == 2:
                int region = random.Next(1, 3);
                bool direct = a.IsDirectTo(b) && b.IsDirectTo(a);
                net.Relays.Kill(region);
                return ($"relay {region} dies", 10_000, direct && clear ? 700 : 0);
            case 5 when net.Relays.Up.Count < 2:
                net.Relays.Start(1);
                net.Relays.Start(2);
                return ("the dead relay is back", 5_000, 0);
            case 6 when routed:
                Nat changed = home.Routers[random.Next(home.Routers.Count)];
                changed.Kind = changed.Kind == NatKind.Blocked ? AnyKind() : NatKind.Blocked;
                changed.Reboot();
                return ($"a router of {who} is {changed.Kind} now", within, stall);
            case 7:
                Restart(isA);
                return ($"{who} restarts", relayed ? 5_000 : 12_000, 0);
            case 8:
                return (Sleep(isA ? a : b, who), relayed ? 5_000 : 12_000, 0);
            case 9 when routed:
                home.Routers[^1].Loss = random.Next(3) * 0.03;
                return ($"the line of {who} loses {home.Routers[^1].Loss:P0}", 3_000, 0);
            case 10:
                (isA ? a : b).WallSkewMs = random.Next(2) == 0 ? -50L * 365 * 86_400_000 : 10L * 365 * 86_400_000;
                return ($"the clock of {who} jumps", 1_000, stall);
            default:
                return null;
        }
    }

    void Move(bool isA)
    {
        Household next = Household.Build(net, 10 + ++moves, AnyKind, random.Next(1, 60));
        VirtualNode node = isA ? a : b;
        next.Site.Attach(node, Simulation.Place.Ip(next.Routers.Count == 0 ? $"203.0.113.{100 + moves}" : $"192.168.{moves}.2"));
        node.NetworkChanged();
        (homeA, homeB) = isA ? (next, homeB) : (homeA, next);
    }

    // The same node key, another process: another disco key, no sessions.
    void Restart(bool isA)
    {
        VirtualNode old = isA ? a : b;
        int home = old.Relay.Home;
        old.Dispose();
        VirtualNode fresh = Place(old.Number, isA ? homeA : homeB, isA ? keyA : keyB, old.RelayDelayMs);
        fresh.Relay.SetHome(home);
        (a, b) = isA ? (fresh, b) : (a, fresh);
        a.Host.Talk(b, Interval);
        net.Later(random.Next(50, 1_500), coordinator.TellAll);
    }

    string Sleep(VirtualNode node, string who)
    {
        int ms = random.Next(3) switch { 0 => random.Next(500, 5_000), 1 => random.Next(5_000, 60_000), _ => random.Next(150_000, 700_000) };
        node.Asleep = true;
        net.Pass(ms);
        node.Asleep = false;
        node.Endpoints.Forget();
        node.NetworkChanged();
        return $"{who} slept {ms} ms";
    }

    VirtualNode Place(int number, Household home, NodePrivateKey key, int delayMs)
    {
        string address = home.Routers.Count == 0 ? $"203.0.113.{100 + ++moves}" : $"192.168.{moves}.{number + 10}";
        return new VirtualNode(net, number, home.Site, address, delayMs, key);
    }

    // Most are not the worst.
    NatKind AnyKind() => (NatKind)Math.Min(random.Next(9) / 2, (int)NatKind.Blocked);

    void Note(string what) => log.Add(what);
}
