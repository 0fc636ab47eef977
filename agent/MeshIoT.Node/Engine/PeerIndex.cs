using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Engine;

/// <summary>The peers of the netmap by node key and by disco key. The keys lie in the plans only: 20 bytes per peer and table.</summary>
internal sealed class PeerIndex
{
    readonly HashSet<PeerEntry> byKey = new(new NodeKeys());
    readonly HashSet<PeerEntry> byDisco = new(new DiscoKeys());
    bool sharesDisco;

    /// <summary>How many there are.</summary>
    public int Count => byKey.Count;

    /// <summary>All of them, in no order.</summary>
    public HashSet<PeerEntry> All => byKey;

    /// <summary>Room for so many without the slack of growing.</summary>
    public void Reserve(int peers)
    {
        byKey.EnsureCapacity(peers);
        byDisco.EnsureCapacity(peers);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        byKey.Clear();
        byDisco.Clear();
        sharesDisco = false;
    }

    /// <summary>The peer with this node key.</summary>
    public bool TryFind(NodePublicKey key, [NotNullWhen(true)] out PeerEntry? entry) =>
        byKey.GetAlternateLookup<NodePublicKey>().TryGetValue(key, out entry);

    /// <summary>A peer with this disco key. Two may claim the same; then one of them.</summary>
    public bool TryFind(DiscoPublicKey key, [NotNullWhen(true)] out PeerEntry? entry) =>
        byDisco.GetAlternateLookup<DiscoPublicKey>().TryGetValue(key, out entry);

    /// <summary>Adds a peer with a new node key.</summary>
    public void Add(PeerEntry entry)
    {
        byKey.Add(entry);
        AddDisco(entry);
    }

    /// <summary>Removes a peer.</summary>
    public void Remove(PeerEntry entry)
    {
        byKey.Remove(entry);
        RemoveDisco(entry);
    }

    /// <summary>Gives a peer a new plan with the same node key.</summary>
    public void Replace(PeerEntry entry, PeerPlan plan)
    {
        if (entry.Plan.DiscoKey == plan.DiscoKey)
        {
            entry.Plan = plan;
            return;
        }

        RemoveDisco(entry);
        entry.Plan = plan;
        AddDisco(entry);
    }

    void AddDisco(PeerEntry entry)
    {
        if (!entry.Plan.DiscoKey.IsZero && !byDisco.Add(entry))
        {
            sharesDisco = true;
        }
    }

    void RemoveDisco(PeerEntry entry)
    {
        DiscoPublicKey key = entry.Plan.DiscoKey;
        if (!TryFind(key, out PeerEntry? listed) || listed != entry)
        {
            return;
        }

        byDisco.Remove(entry);
        if (!sharesDisco)
        {
            return;
        }

        foreach (PeerEntry other in byKey)
        {
            if (other != entry && other.Plan.DiscoKey == key)
            {
                byDisco.Add(other);
                return;
            }
        }
    }

    sealed class NodeKeys : IEqualityComparer<PeerEntry>, IAlternateEqualityComparer<NodePublicKey, PeerEntry>
    {
        public bool Equals(PeerEntry? a, PeerEntry? b) => a?.Plan.Key == b?.Plan.Key;

        public int GetHashCode(PeerEntry entry) => entry.Plan.Key.GetHashCode();

        public bool Equals(NodePublicKey key, PeerEntry entry) => entry.Plan.Key == key;

        public int GetHashCode(NodePublicKey key) => key.GetHashCode();

        public PeerEntry Create(NodePublicKey key) => throw new System.NotSupportedException();
    }

    sealed class DiscoKeys : IEqualityComparer<PeerEntry>, IAlternateEqualityComparer<DiscoPublicKey, PeerEntry>
    {
        public bool Equals(PeerEntry? a, PeerEntry? b) => a?.Plan.DiscoKey == b?.Plan.DiscoKey;

        public int GetHashCode(PeerEntry entry) => entry.Plan.DiscoKey.GetHashCode();

        public bool Equals(DiscoPublicKey key, PeerEntry entry) => entry.Plan.DiscoKey == key;

        public int GetHashCode(DiscoPublicKey key) => key.GetHashCode();

        public PeerEntry Create(DiscoPublicKey key) => throw new System.NotSupportedException();
    }
}
