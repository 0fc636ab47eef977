using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Kernel;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;

namespace MeshIoT.Node;

/// <content>From the netmap to addresses, routes, peers and filter; and the moment from which it may not be used any more.</content>
public sealed partial class TailnetNode
{
    // A timer takes no more than 49 days; a clock that is set is noticed after this at the latest.
    static readonly TimeSpan LongestSleep = TimeSpan.FromHours(12);

    readonly Lock applying = new();
    readonly ITimer expiryTimer;
    readonly NetmapKeeper keeper;
    volatile NetworkBlock block;
    volatile LatestNetmap? latest;

    // Lifecycle held. With the coordinator away, a node that belongs to a tailnet still knows its peers.
    async Task UseKeptNetmapAsync(CancellationToken ct)
    {
        if (store.Current is { Registered: true, NodeKey: { } text } && latest is null && NodePrivateKey.TryParse(text, out NodePrivateKey? identity)
            && await keeper.LoadAsync(identity.PublicKey, ct) is { } kept)
        {
            Apply(new LatestNetmap(kept.Netmap, identity, kept.WrittenAt));
        }
    }

    // The node belongs to this tailnet no more.
    void ForgetNetwork()
    {
        LeaveNetwork();
        keeper.Forget();
    }

    void LeaveNetwork()
    {
        lock (applying)
        {
            latest = null;
            block = NetworkBlock.None;
            expiryTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Disconnect();
        }
    }

    void Disconnect()
    {
        network = NetworkView.None;
        engine.Post((NetworkPlan?)null);
        scout.Leave();
        relays.Leave();
        ConfigureKernel(null);
    }

    // What is known, with the settings and the time of now.
    void Reapply()
    {
        lock (applying)
        {
            if (disposed == 0 && latest is { } known)
            {
                Apply(known);
                RaiseChanged();
            }
        }
    }

    NetworkBlock Apply(LatestNetmap known)
    {
        lock (applying)
        {
            latest = known;
            DateTimeOffset now = TimeFor(known);
            ExpiryCut cut = ExpiryCut.At(known.Netmap, now);
            NetworkBlock before = block;
            block = cut.SelfExpired ? NetworkBlock.KeyExpired
                : known.Netmap.Self.MachineAuthorized ? NetworkBlock.None : NetworkBlock.NotAuthorized;
            TellExpiry(known, before);
            if (block == NetworkBlock.None)
            {
                Connect(cut.Netmap, known.Identity);
            }
            else if (!ReferenceEquals(network, NetworkView.None))
            {
                Disconnect();
            }

            TimeSpan sleep = cut.Next is { } next ? next - now : Timeout.InfiniteTimeSpan;
            expiryTimer.Change(sleep > LongestSleep ? LongestSleep : sleep, Timeout.InfiniteTimeSpan);
            return block;
        }
    }

    // What time it is for the netmap's expiries.
    DateTimeOffset TimeFor(LatestNetmap known)
    {
        TimeSpan ahead = known.Netmap.ClockOffset;
        DateTimeOffset local = steady.GetUtcNow();
        store.CoordinatorAhead = ahead;
        if (local >= ClockFloor.Release && known.KeptAt is null && known.Netmap.IsClockTold)
        {
            // Both clocks are possible and the coordinator's is authenticated: whatever was saved in between by a clock that ran ahead is wrong.
            HealFloor(local + ahead);
            return local + ahead;
        }

        // A machine without a battery starts in 1970.
        return local < ClockFloor.Earliest(store.Current) ? ClockFloor.BestGuess(store.Current, local, ahead) : local + ahead;
    }

    void HealFloor(DateTimeOffset now)
    {
        if (ClockFloor.Earliest(store.Current) <= now.AddDays(1))
        {
            return;
        }

        try
        {
            store.ResetSavedAt(now);
        }
        catch (FaultException e)
        {
            health.Set(HealthTopic.State, e.Report);
        }
    }

    void Connect(Netmap netmap, NodePrivateKey identity)
    {
        NodeState state = store.Current;
        IReadOnlyList<System.Net.IPNetwork> advertised = NodeWishes.RoutesOf(state);
        NetworkPlan plan = PlanBuilder.Build(netmap, identity, flows, new RoutePreferences(advertised, state.AcceptRoutes), network.Plan);
        network = NetworkView.Create(netmap, plan, Hostname);
        engine.Post(plan);
        ConfigureKernel(plan);
        CheckForwarding(advertised);
        relays.Follow(netmap.Derp, identity);
        scout.Follow(netmap.Derp, netmap.Self.HomeDERP, plan.Addresses, identity.PublicKey, plan.Peers.Count > 0);
    }

    void TellExpiry(LatestNetmap known, NetworkBlock before)
    {
        if (block == NetworkBlock.KeyExpired)
        {
            health.Set(HealthTopic.KeyExpiry, Faults.NodeKeyExpired.With(
                LoginServer?.Host, CoordinatorSession.TimeText(known.Netmap.Self.KeyExpiry)));
        }
        else if (before == NetworkBlock.KeyExpired)
        {
            health.Clear(HealthTopic.KeyExpiry);
        }
    }

    void CheckForwarding(IReadOnlyList<System.Net.IPNetwork> advertised)
    {
        if (ForwardingCheck.Check(advertised, isKernelMode: routing is not null) is { } report)
        {
            health.Set(HealthTopic.Forwarding, report);
        }
        else
        {
            health.Clear(HealthTopic.Forwarding);
        }
    }

    void ConfigureKernel(NetworkPlan? plan)
    {
        portMap?.Run(plan is not null);
        if (routing is null || tunnel is { IsGone: true })
        {
            return;
        }

        try
        {
            routing.Apply(plan);
            health.Clear(HealthTopic.Routing);
        }
        catch (FaultException e)
        {
            health.Set(HealthTopic.Routing, e.Report);
        }

        foreach (KernelListener listener in KernelListeners())
        {
            listener.Bind(plan?.Addresses ?? []);
        }
    }

    /// <summary>A netmap, the key it was sent for, and when it was written if it comes from the disk.</summary>
    sealed record LatestNetmap(Netmap Netmap, NodePrivateKey Identity, DateTimeOffset? KeptAt = null);

    /// <summary>Hears of the session's progress, on its task.</summary>
    sealed class Observer(TailnetNode node) : SessionObserver
    {
        public override Netmap? Known => node.latest?.Netmap;

        public override void Changed(SessionView view)
        {
            // A node with a netmap stays Running while its coordinator is away or not to be trusted: its peers are still there.
            bool stays = view.State is BackendState.Starting or BackendState.NeedsLogin && node.latest is not null;
            node.scout.Connected(view.Connected);
            node.session = stays ? view with { State = BackendState.Running } : view;
            node.CheckClock();
            node.RaiseChanged();
        }

        public override ValueTask<NetworkBlock> NetmapArrived(Netmap netmap, NodePrivateKey identity, CancellationToken ct)
        {
            if (node.latest is { KeptAt: not null })
            {
                node.health.Clear(HealthTopic.Netmap);
            }

            NetworkBlock block = node.Apply(new LatestNetmap(netmap, identity));
            node.keeper.Offer(netmap);
            node.RaiseChanged();
            return ValueTask.FromResult(block);
        }

        // Peers hear of the new key now. Whoever has heard begins a handshake with it; whoever has not keeps our initiation
        // until he has. The other order would drop his.
        public override void IdentityChanged(NodePrivateKey identity)
        {
            if (node.latest is { } known)
            {
                node.Apply(known with { Identity = identity });
            }

            node.RaiseChanged();
        }

        public override void MembershipLost() => node.ForgetNetwork();

        public override void CoordinatorAway()
        {
            if (node.latest is { KeptAt: { } at })
            {
                node.health.Set(HealthTopic.Netmap, Faults.KeptNetmapInUse.With(CoordinatorSession.TimeText(at)));
            }
        }
    }
}
