using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>
/// Applies the frames of one map stream, in order, to a netmap: full frames and deltas. A new stream begins with a new builder; keep the last
/// netmap in use until it has delivered. One thread. control-plane.md section 5.3.
/// </summary>
public sealed class NetmapBuilder
{
    const string BaseFilter = "base", Everything = "*";
    static readonly TimeSpan NoticeableOffset = TimeSpan.FromMinutes(1);

    readonly NodePublicKey? ownKey;
    readonly TimeProvider time;
    readonly SortedDictionary<long, Node> peers = [];
    readonly SortedDictionary<string, IReadOnlyList<FilterRule>> filters = new(StringComparer.Ordinal);
    Netmap current = Netmap.Empty;
    bool hasSelf;
    long dropped;

    /// <summary>For the node whose key is <paramref name="ownKey"/>; with it a frame that describes another node as self is refused.</summary>
    public NetmapBuilder(NodePublicKey? ownKey = null, TimeProvider? time = null) => (this.ownKey, this.time) = (ownKey, time ?? TimeProvider.System);

    /// <summary>Addresses, prefixes, nodes and patches that were left out because they made no sense.</summary>
    public long Dropped => dropped;

    /// <summary>
    /// The netmap after <paramref name="frame"/>. A keep-alive changes nothing but the clock offset. A first frame without this node, or one for another
    /// node key, is a <see cref="FaultException"/>, and the stream is of no use.
    /// </summary>
    public Netmap Apply(MapResponse frame)
    {
        if (frame.ControlTime is { } controlTime)
        {
            TimeSpan offset = controlTime - time.GetUtcNow();
            current = current with { ClockOffset = offset.Duration() > NoticeableOffset ? offset : TimeSpan.Zero };
        }

        if (frame.KeepAlive)
        {
            return current;
        }

        Node self = frame.Node is { } node ? CheckSelf(node) : current.Self;
        if (!hasSelf)
        {
            throw Broken("its first map frame does not describe this node");
        }

        bool peersChanged = ApplyPeers(frame) | peers.Remove(self.ID);
        bool filtersChanged = ApplyFilters(frame);
        current = current with
        {
            Self = self,
            Peers = peersChanged ? [.. peers.Values] : current.Peers,
            PacketFilter = filtersChanged ? [.. filters.Values.SelectMany(static rules => rules)] : current.PacketFilter,
            Dns = frame.DNSConfig ?? current.Dns,
            Derp = frame.DERPMap is { } derp ? Merge(current.Derp, derp) : current.Derp,
            Users = frame.UserProfiles is { Count: > 0 } users ? Merge(current.Users, users) : current.Users,
            Domain = frame.Domain ?? current.Domain,
            SshPolicy = frame.SSHPolicy ?? current.SshPolicy,
            Health = frame.Health ?? current.Health,
            Messages = frame.DisplayMessages is { } messages ? Merge(current.Messages, messages) : current.Messages,
        };
        return current;
    }

    Node CheckSelf(Node node)
    {
        if (ownKey is { } own && node.Key != own)
        {
            throw Broken("it describes another node as this one");
        }

        hasSelf = true;
        return WireNodes.Clean(node, ref dropped);
    }

    bool ApplyPeers(MapResponse frame)
    {
        if (frame.Peers is { Count: > 0 } all)
        {
            // A full list: whatever else the frame says of peers is not looked at.
            peers.Clear();
            Put(all);
            return true;
        }

        bool changed = false;
        foreach (long id in frame.PeersRemoved ?? [])
        {
            changed |= peers.Remove(id);
        }

        changed |= frame.PeersChanged is { Count: > 0 } replaced && Put(replaced);
        foreach ((long id, bool seen) in frame.PeerSeenChange ?? EmptyChanges)
        {
            changed |= Change(id, peer => peer with { LastSeen = seen ? time.GetUtcNow() : null });
        }

        foreach ((long id, bool online) in frame.OnlineChange ?? EmptyChanges)
        {
            changed |= Change(id, peer => peer with { Online = online });
        }

        foreach (PeerChange change in frame.PeersChangedPatch ?? [])
        {
            changed |= Change(change.NodeID, peer => WireNodes.Patch(peer, change));
        }

        return changed;
    }

    bool Put(IReadOnlyList<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            if (node.ID > 0)
            {
                peers[node.ID] = WireNodes.Clean(node, ref dropped);
            }
            else
            {
                dropped++;
            }
        }

        return true;
    }

    bool Change(long id, Func<Node, Node> change)
    {
        bool known = peers.TryGetValue(id, out Node? peer);
        if (known)
        {
            peers[id] = change(peer!);
        }
        else
        {
            dropped++;
        }

        return known;
    }

    bool ApplyFilters(MapResponse frame)
    {
        bool changed = frame.PacketFilter is not null || frame.PacketFilters is not null;
        if (frame.PacketFilter is { } legacy)
        {
            filters[BaseFilter] = legacy;
        }

        if (frame.PacketFilters is { } named)
        {
            if (named.TryGetValue(Everything, out IReadOnlyList<FilterRule>? all) && all is null)
            {
                filters.Clear();
            }

            foreach ((string name, IReadOnlyList<FilterRule>? rules) in named)
            {
                if (rules is not null)
                {
                    filters[name] = rules;
                }
                else
                {
                    filters.Remove(name);
                }
            }
        }

        return changed;
    }

    static DerpMap Merge(DerpMap? was, DerpMap now) => now with
    {
        Regions = now.Regions is { } regions
            ? regions.Where(static r => r.Value is not null).ToDictionary(static r => r.Key, static r => r.Value)
            : was?.Regions,
        OmitDefaultRegions = now.Regions is null ? was?.OmitDefaultRegions ?? now.OmitDefaultRegions : now.OmitDefaultRegions,
        HomeParams = now.HomeParams ?? was?.HomeParams,
    };

    static Dictionary<long, UserProfile> Merge(IReadOnlyDictionary<long, UserProfile> was, IReadOnlyList<UserProfile> now)
    {
        Dictionary<long, UserProfile> merged = new(was);
        foreach (UserProfile user in now)
        {
            merged[user.ID] = user;
        }

        return merged;
    }

    static Dictionary<string, DisplayMessage> Merge(IReadOnlyDictionary<string, DisplayMessage> was, IReadOnlyDictionary<string, DisplayMessage?> now)
    {
        bool clears = now.TryGetValue(Everything, out DisplayMessage? all) && all is null;
        Dictionary<string, DisplayMessage> merged = clears ? [] : new(was);
        foreach ((string id, DisplayMessage? message) in now)
        {
            if (message is not null)
            {
                merged[id] = message;
            }
            else
            {
                merged.Remove(id);
            }
        }

        return merged;
    }

    static FaultException Broken(string why) => Faults.CoordinatorProtocol.With("the other end", why).ToException();

    static readonly Dictionary<long, bool> EmptyChanges = [];
}
