using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <content>Peers: full lists and deltas, with what they changed. control-plane.md section 5.3.</content>
public sealed partial class NetmapBuilder
{
    /// <summary>Peers beyond these are left out: three times what any tailnet is known to have.</summary>
    internal const int MaxPeers = 100_000;

    // Peers touched by the frame under way, as they were before it; null = there was none.
    const int TouchedToKeep = 256;
    Dictionary<long, Peer?> touched = [];
    ImmutableSortedDictionary<long, Peer>.Builder peers = ImmutableSortedDictionary.CreateBuilder<long, Peer>();
    DateTimeOffset? nextExpiry;
    bool started;

    void ApplyPeers(MapFrame frame, long self, bool isFirst)
    {
        touched.Clear();
        if (frame.Peers is { Count: > 0 } all)
        {
            // A full list: whatever else the frame says of peers is not looked at.
            ReplaceAll(all);
        }
        else
        {
            if (isFirst)
            {
                ReplaceAll([]);
            }

            ApplyDeltas(frame);
        }

        Remove(self);
    }

    void ReplaceAll(IReadOnlyList<Peer> all)
    {
        ImmutableSortedDictionary<long, Peer> known = started ? peers.ToImmutable() : before.Peers.ById;
        foreach ((long id, Peer peer) in known)
        {
            touched[id] = peer;
        }

        peers = ImmutableSortedDictionary.CreateBuilder<long, Peer>();
        nextExpiry = null;
        foreach (Peer peer in all)
        {
            Put(peer);
        }
    }

    void ApplyDeltas(MapFrame frame)
    {
        MapResponse rest = frame.Rest;
        foreach (long id in rest.PeersRemoved ?? [])
        {
            Remove(id);
        }

        foreach (Peer peer in frame.PeersChanged ?? [])
        {
            Put(peer);
        }

        foreach ((long id, bool seen) in rest.PeerSeenChange ?? EmptyChanges)
        {
            Change(id, peer => peer with { LastSeen = seen ? time.GetUtcNow() : null });
        }

        foreach ((long id, bool online) in rest.OnlineChange ?? EmptyChanges)
        {
            Change(id, peer => peer with { Online = online });
        }

        foreach (PeerChange change in rest.PeersChangedPatch ?? [])
        {
            Change(change.NodeID, peer => nodes.Patch(peer, change));
        }
    }

    void Put(Peer peer)
    {
        if (peers.Count >= MaxPeers && !peers.ContainsKey(peer.ID))
        {
            dropped++;
            return;
        }

        Touch(peer.ID);
        peer = Judge(peer);
        peers[peer.ID] = touched[peer.ID] is { } was && was == peer ? was : peer;
    }

    void Change(long id, Func<Peer, Peer> change)
    {
        if (peers.TryGetValue(id, out Peer? peer))
        {
            Put(change(peer));
        }
        else
        {
            dropped++;
        }
    }

    void Remove(long id)
    {
        if (peers.ContainsKey(id))
        {
            Touch(id);
            peers.Remove(id);
        }
    }

    void Touch(long id)
    {
        if (!touched.ContainsKey(id))
        {
            peers.TryGetValue(id, out Peer? was);
            touched[id] = was;
        }
    }

    /// <summary>Whether the peer's key has ended already, and if not, when it will.</summary>
    Peer Judge(Peer peer)
    {
        bool isPast = false;
        if (peer.KeyExpiry is { } end && current.HasUsableClock)
        {
            isPast = end <= time.GetUtcNow() + current.ClockOffset;
            nextExpiry = !isPast && (nextExpiry is null || end < nextExpiry) ? end : nextExpiry;
        }

        return peer.IsPastExpiry == isPast ? peer : peer with { IsPastExpiry = isPast };
    }

    Netmap Finish(Netmap next, bool selfSaid)
    {
        List<Peer> changed = [], removed = [];
        foreach ((long id, Peer? was) in touched)
        {
            if (!peers.TryGetValue(id, out Peer? now))
            {
                if (was is not null)
                {
                    removed.Add(was);
                }
            }
            else if (!ReferenceEquals(now, was))
            {
                changed.Add(now);
            }
        }

        // A whole list is rare, and a table for its length too large to hold on to.
        touched = touched.Count <= TouchedToKeep ? touched : [];
        touched.Clear();
        before = Netmap.Empty;
        PeerTable table = changed.Count + removed.Count == 0 && current.Peers.ById.Count == peers.Count ? current.Peers : new PeerTable(peers.ToImmutable());
        next = next with { Peers = table, NextPeerExpiry = nextExpiry };
        return Advance(selfSaid ? next : next with { Self = current.Self }, changed, removed);
    }

    /// <summary>Makes it the current netmap, if it differs.</summary>
    Netmap Advance(Netmap next, List<Peer> changed, List<Peer> removed)
    {
        NetmapChanges changes = new()
        {
            Peers = changed,
            Removed = removed,
            Self = !ReferenceEquals(next.Self, current.Self),
            PacketFilter = !ReferenceEquals(next.PacketFilter, current.PacketFilter),
            Dns = !ReferenceEquals(next.Dns, current.Dns),
            Derp = !ReferenceEquals(next.Derp, current.Derp),
            Others = !ReferenceEquals(next.Users, current.Users) || !ReferenceEquals(next.SshPolicy, current.SshPolicy) || next.Domain != current.Domain
                || !ReferenceEquals(next.Health, current.Health) || !ReferenceEquals(next.Messages, current.Messages)
                || next.ClientVersion != current.ClientVersion || next.CollectServices != current.CollectServices,
        };
        return current = changes.IsNone ? current : next with { Version = current.Version + 1, Changes = changes };
    }

    static readonly Dictionary<long, bool> EmptyChanges = [];
}
