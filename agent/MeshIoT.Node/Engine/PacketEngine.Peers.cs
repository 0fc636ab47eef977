using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Filter;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>From netmap to peers. A peer that does not talk costs its plan, its entry and its place in the tables; see Slots.</content>
internal sealed partial class PacketEngine
{
    // How long after the last packet for it an unreachable peer is worth a new try by itself.
    const long StillWantedMs = 300_000;

    readonly PeerIndex index = new();
    readonly ConcurrentDictionary<NodePublicKey, PeerCell> cells = new();
    readonly List<(PeerEntry? Entry, PeerPlan Plan)> news = [];
    NodePublicKey identity;
    byte[][] ownAddresses = [];
    int generation;

    /// <summary>What can be seen of each peer that ever talked. Any thread.</summary>
    public IReadOnlyDictionary<NodePublicKey, PeerCell> Cells => cells;

    /// <summary>Has the plan carried out; null: forget identity and peers.</summary>
    public void Post(NetworkPlan? plan) => Post(new ApplyWork(plan));

    void Apply(NetworkPlan? plan, long nowMs)
    {
        if (plan is null || plan.Identity.PublicKey != identity)
        {
            ForgetIdentity();
        }

        if (plan is not null)
        {
            if (device is null)
            {
                AssumeIdentity(plan.Identity);
            }

            ApplyPeers(plan.Peers, nowMs);
        }

        ownAddresses = plan?.Addresses.Select(static address => address.GetAddressBytes()).ToArray() ?? [];
        filter = plan?.Filter ?? PacketFilter.Compile([], [], out _);
        host.SetAddresses(plan?.Addresses ?? []);
        NotifyChanged();
        ReceiveEarly(nowMs);
        PumpDevice(nowMs);
    }

    void ForgetIdentity()
    {
        slots.Clear();
        toCall.Clear();
        index.Clear();
        Routes.Clear();
        cells.Clear();
        device?.Wipe();
        disco?.Dispose();
        device = null;
        disco = null;
        identity = default;
    }

    void AssumeIdentity(NodePrivateKey key)
    {
        identity = key.PublicKey;
        byte[] bytes = key.Bytes.ToArray();
        device = new WireGuardDevice(suite, random, timestamps, bytes) { Mtu = Mtu, Directory = new LazyPeers(this) };
        disco = new DiscoDevice(suite, random, discoKey, identity, new DiscoSide(this), pace: Pace);
        Array.Clear(bytes);
    }

    // Who is gone first, then what each one loses, then what each one gets: so prefixes may change hands within one plan.
    void ApplyPeers(IReadOnlyList<PeerPlan> plans, long nowMs)
    {
        generation++;
        int kept = 0;
        foreach (PeerPlan plan in plans)
        {
            if (!index.TryFind(plan.Key, out PeerEntry? entry))
            {
                news.Add((null, plan));
                continue;
            }

            kept += entry.Generation == generation ? 0 : 1;
            entry.Generation = generation;
            PeerPlan heeded = entry.Heed(plan);
            if (!entry.Plan.SameAs(heeded))
            {
                news.Add((entry, heeded));
            }
            else
            {
                // The same in other objects: those of before would keep the netmap of before alive.
                entry.Plan = heeded;
            }
        }

        bool lost = kept < index.Count && RemoveLost();
        lost |= TakeChangedPrefixes();
        if (index.Count == 0)
        {
            index.Reserve(plans.Count);
            Routes.Reserve(plans.Sum(static plan => plan.AllowedIPs.Count));
        }

        foreach ((PeerEntry? entry, PeerPlan plan) in news)
        {
            AddOrUpdate(entry, plan, nowMs);
        }

        news.Clear();
        if (lost && Routes.IsContested)
        {
            RebuildRoutes(plans);
        }
    }

    bool RemoveLost()
    {
        List<PeerEntry> gone = [.. index.All.Where(entry => entry.Generation != generation)];
        foreach (PeerEntry entry in gone)
        {
            if (entry.Slot is { } slot)
            {
                Drop(slot);
            }

            cells.TryRemove(entry.Plan.Key, out _);
            TakePrefixes(entry);
            index.Remove(entry);
            ForgetDiscoKey(entry.Plan.DiscoKey);
        }

        return gone.Count > 0;
    }

    bool TakeChangedPrefixes()
    {
        bool any = false;
        foreach ((PeerEntry? entry, PeerPlan plan) in news)
        {
            if (entry is not null && !entry.Plan.SamePrefixes(plan))
            {
                TakePrefixes(entry);
                any = true;
            }
        }

        return any;
    }

    void TakePrefixes(PeerEntry entry)
    {
        foreach (IPNetwork prefix in entry.Plan.AllowedIPs)
        {
            Routes.Remove(prefix, entry);
        }
    }

    void GivePrefixes(PeerEntry entry)
    {
        foreach (IPNetwork prefix in entry.Plan.AllowedIPs)
        {
            Routes.Insert(prefix, entry);
        }
    }

    void RebuildRoutes(IReadOnlyList<PeerPlan> plans)
    {
        Routes.Clear();
        foreach (PeerPlan plan in plans)
        {
            if (index.TryFind(plan.Key, out PeerEntry? entry))
            {
                GivePrefixes(entry);
            }
        }
    }

    void AddOrUpdate(PeerEntry? entry, PeerPlan plan, long nowMs)
    {
        if (entry is null)
        {
            PeerEntry fresh = new(plan) { Generation = generation };
            index.Add(fresh);
            GivePrefixes(fresh);
            return;
        }

        PeerPlan before = entry.Plan;
        index.Replace(entry, plan);
        if (!before.SamePrefixes(plan))
        {
            GivePrefixes(entry);
        }

        if (before.DiscoKey != plan.DiscoKey)
        {
            ForgetDiscoKey(before.DiscoKey);
        }

        if (entry.Slot is { } slot)
        {
            UpdateSlot(slot, before, nowMs);
        }
    }

    // A new disco key: its process has restarted and knows our session no more. New endpoints while nothing works: try them.
    void UpdateSlot(PeerSlot slot, PeerPlan before, long nowMs)
    {
        bool rehomed = slot.Path.Home != slot.Plan.Home;
        slot.Path.Home = slot.Plan.Home;
        UpdateDisco(slot, nowMs);
        PeerPlan plan = slot.Plan;
        bool session = slot.Peer.HasSession(nowMs), moved = !before.SameCandidates(plan);
        bool restarted = before.DiscoKey != plan.DiscoKey && !plan.DiscoKey.IsZero;
        if (restarted || moved)
        {
            slot.DoubtedSinceMs = nowMs;
        }

        bool wanted = slot.LastOutboundMs >= 0 && nowMs - slot.LastOutboundMs < StillWantedMs;
        if (restarted && (session || wanted))
        {
            slot.Peer.BeginAnew();
        }
        else if (moved && wanted && !session)
        {
            slot.Peer.RequestHandshake();
        }

        if (rehomed)
        {
            Hurry(slot, nowMs);
        }
    }

    void ForgetDiscoKey(DiscoPublicKey key)
    {
        if (!key.IsZero && !index.TryFind(key, out _))
        {
            disco?.ForgetKey(key);
        }
    }

    sealed class ApplyWork(NetworkPlan? plan) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => engine.Apply(plan, nowMs);
    }
}
