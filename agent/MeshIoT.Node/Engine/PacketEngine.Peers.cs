using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Filter;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>
/// From netmap to peers. Every peer of the netmap is known to WireGuard from the start (about a kilobyte each), because an
/// initiation may come from any of them; its keys exist only while it talks.
/// </content>
internal sealed partial class PacketEngine
{
    // How long after the last packet for it an unreachable peer is worth a new try by itself.
    const long StillWantedMs = 300_000;

    readonly Dictionary<NodePublicKey, PeerSlot> slots = [];
    NodePublicKey identity;
    byte[][] ownAddresses = [];
    volatile FrozenDictionary<NodePublicKey, PeerCell> cells = FrozenDictionary<NodePublicKey, PeerCell>.Empty;

    /// <summary>What can be seen of each peer. Any thread.</summary>
    public IReadOnlyDictionary<NodePublicKey, PeerCell> Cells => cells;

    /// <summary>Has the plan carried out; null: forget identity and peers.</summary>
    public void Post(NetworkPlan? plan) => Post(new ApplyWork(plan));

    void Apply(NetworkPlan? plan, long nowMs)
    {
        if (plan is null || plan.Identity.PublicKey != identity)
        {
            slots.Clear();
            device?.Wipe();
            device = null;
            identity = default;
        }

        if (plan is not null)
        {
            device ??= CreateDevice(plan.Identity);
            RemoveLostPeers(plan);
            foreach (PeerPlan peer in plan.Peers)
            {
                AddOrUpdate(peer, nowMs);
            }
        }

        ownAddresses = plan?.Addresses.Select(static address => address.GetAddressBytes()).ToArray() ?? [];
        filter = plan?.Filter ?? PacketFilter.Compile([], [], out _);
        host.SetAddresses(plan?.Addresses ?? []);
        cells = slots.ToFrozenDictionary(static slot => slot.Key, static slot => slot.Value.Cell);
        NotifyChanged();
        ReceiveEarly(nowMs);
        PumpDevice(nowMs);
    }

    WireGuardDevice CreateDevice(NodePrivateKey key)
    {
        identity = key.PublicKey;
        byte[] bytes = key.Bytes.ToArray();
        WireGuardDevice created = new(suite, random, timestamps, bytes) { Mtu = Mtu };
        Array.Clear(bytes);
        return created;
    }

    void RemoveLostPeers(NetworkPlan plan)
    {
        HashSet<NodePublicKey> wanted = [.. plan.Peers.Select(static peer => peer.Key)];
        foreach ((NodePublicKey key, PeerSlot slot) in slots.Where(slot => !wanted.Contains(slot.Key)).ToList())
        {
            device!.RemovePeer(slot.Peer);
            slots.Remove(key);
        }
    }

    void AddOrUpdate(PeerPlan plan, long nowMs)
    {
        if (!slots.TryGetValue(plan.Key, out PeerSlot? slot))
        {
            WireGuardPeer peer = device!.AddPeer(plan.Key.ToArray(), presharedKey: null);
            slot = new PeerSlot(peer, plan);
            peer.Tag = slot;
            slots.Add(plan.Key, slot);
            Allow(slot);
            return;
        }

        PeerPlan before = slot.Plan;
        slot.Plan = plan;
        if (!before.SamePrefixes(plan))
        {
            device!.AllowedIPs.RemoveByPeer(slot.Peer);
            Allow(slot);
        }

        // A new disco key: its process has restarted and knows our session no more. New endpoints while nothing works: try them.
        bool session = slot.Peer.HasSession(nowMs), moved = !before.SameCandidates(plan);
        bool restarted = before.DiscoKey != plan.DiscoKey && !plan.DiscoKey.IsZero;
        if (restarted || moved)
        {
            slot.DoubtedSinceMs = nowMs;
        }

        bool wanted = slot.LastOutboundMs >= 0 && nowMs - slot.LastOutboundMs < StillWantedMs;
        if (session ? restarted : moved && wanted)
        {
            slot.Peer.RequestHandshake();
        }
    }

    void Allow(PeerSlot slot)
    {
        foreach (IPNetwork prefix in slot.Plan.AllowedIPs)
        {
            device!.AllowedIPs.Insert(prefix.BaseAddress.GetAddressBytes(), prefix.PrefixLength, slot.Peer);
        }
    }

    sealed class ApplyWork(NetworkPlan? plan) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => engine.Apply(plan, nowMs);
    }
}
