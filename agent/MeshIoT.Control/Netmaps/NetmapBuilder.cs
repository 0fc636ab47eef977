using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>
/// Applies the frames of one map stream, in order, to a netmap: full frames and deltas. A new stream begins with a new builder; keep the last
/// netmap in use until it has delivered, and give it to the builder, which then says what has changed since. One thread. control-plane.md
/// section 5.3.
/// </summary>
public sealed partial class NetmapBuilder
{
    const string BaseFilter = "base", Everything = "*";
    static readonly TimeSpan NoticeableOffset = TimeSpan.FromMinutes(1);

    readonly NodePublicKey? ownKey;
    readonly TimeProvider time;
    Netmap before;
    readonly WireNodes nodes = new();
    readonly SortedDictionary<string, IReadOnlyList<FilterRule>> filters = new(StringComparer.Ordinal);
    Netmap current;
    bool hasSelf;
    long dropped;

    /// <summary>For the node whose key is <paramref name="ownKey"/>; with it a frame that describes another node as self is refused.</summary>
    /// <param name="ownKey">This node's key; null: any.</param>
    /// <param name="time">The local clock.</param>
    /// <param name="before">
    /// The netmap in use until now. Nothing of it survives the first frame, but entries that are the same are shared, and the first
    /// <see cref="Netmap.Changes"/> are those against it.
    /// </param>
    public NetmapBuilder(NodePublicKey? ownKey = null, TimeProvider? time = null, Netmap? before = null)
    {
        (this.ownKey, this.time, this.before) = (ownKey, time ?? TimeProvider.System, before ?? Netmap.Empty);
        current = this.before with { Changes = NetmapChanges.None };
    }

    /// <summary>The netmap as of now.</summary>
    public Netmap Current => current;

    /// <summary>Addresses, prefixes, nodes and patches that were left out because they made no sense.</summary>
    public long Dropped => dropped + nodes.Dropped;

    /// <summary>As <see cref="Apply(MapFrame)"/>.</summary>
    public Netmap Apply(MapResponse frame) => Apply(MapFrame.From(frame));

    /// <summary>
    /// The netmap after <paramref name="frame"/>; the same one if the frame says nothing new. A keep-alive changes nothing but the clock offset. A
    /// first frame without this node, or one for another node key, is a <see cref="FaultException"/>, and the stream is of no use.
    /// </summary>
    public Netmap Apply(MapFrame frame)
    {
        dropped += frame.Dropped;
        MapResponse rest = frame.Rest;
        if (rest.ControlTime is { } controlTime)
        {
            TakeTime(controlTime);
        }

        if (rest.KeepAlive)
        {
            return rest.ClientVersion is { } version && version != current.ClientVersion ? Advance(current with { ClientVersion = version }, [], []) : current;
        }

        Node self = rest.Node is { } node ? CheckSelf(node) : current.Self;
        if (!hasSelf)
        {
            throw Broken("its first map frame does not describe this node");
        }

        bool isFirst = !started;
        Netmap was = isFirst ? Netmap.Empty with { ClockOffset = current.ClockOffset, HasUsableClock = current.HasUsableClock, IsClockTold = current.IsClockTold } : current;
        ApplyPeers(frame, self.ID, isFirst);
        bool filtersChanged = ApplyFilters(rest);
        started = true;
        Netmap next = was with
        {
            Version = current.Version,
            Self = self,
            PacketFilter = filtersChanged ? [.. filters.Values.SelectMany(static rules => rules)] : was.PacketFilter,
            Dns = rest.DNSConfig ?? was.Dns,
            Derp = rest.DERPMap is { } derp ? Merge(was.Derp, derp) : was.Derp,
            Users = rest.UserProfiles is { Count: > 0 } users ? Merge(was.Users, users) : was.Users,
            Domain = rest.Domain ?? was.Domain,
            SshPolicy = rest.SSHPolicy ?? was.SshPolicy,
            Health = rest.Health ?? was.Health,
            Messages = rest.DisplayMessages is { } messages ? Merge(was.Messages, messages) : was.Messages,
            ClientVersion = rest.ClientVersion ?? was.ClientVersion,
            CollectServices = rest.CollectServices ?? was.CollectServices,
        };
        return Finish(next, rest.Node is not null || isFirst);
    }

    /// <summary>The netmap with every peer expired whose time has come. Call it at <see cref="Netmap.NextExpiry"/>, on the thread that applies frames.</summary>
    public Netmap ApplyExpiry()
    {
        Netmap next = current.ApplyExpiry(time.GetUtcNow());
        if (!ReferenceEquals(next, current))
        {
            current = next;
            peers = next.Peers.ById.ToBuilder();
            nextExpiry = next.NextPeerExpiry;
        }

        return current;
    }

    void TakeTime(DateTimeOffset controlTime)
    {
        TimeSpan offset = controlTime - time.GetUtcNow();
        if (controlTime >= Netmap.EarliestTime && !current.HasUsableClock)
        {
            nextExpiry = Netmap.EarliestTime; // nothing was judged so far: look at all
        }

        current = current with
        {
            NextPeerExpiry = nextExpiry,
            ClockOffset = offset.Duration() > NoticeableOffset && controlTime >= Netmap.EarliestTime ? offset : TimeSpan.Zero,
            HasUsableClock = controlTime >= Netmap.EarliestTime,
            IsClockTold = controlTime >= Netmap.EarliestTime,
        };
    }

    Node CheckSelf(Node node)
    {
        if (ownKey is { } own && node.Key != own)
        {
            throw Broken("it describes another node as this one");
        }

        hasSelf = true;
        return nodes.CleanSelf(node);
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

    static FaultException Broken(string why) => Faults.CoordinatorProtocol.With("the other end", why).ToException();
}
