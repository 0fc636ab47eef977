using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshIoT.Control;
using MeshIoT.Tailcfg;
using WireNode = MeshIoT.Tailcfg.Node;

namespace MeshIoT.Node.State;

/// <summary>How much a netmap says that the kept one does not. Who is online, and who was when, is worth no write.</summary>
internal enum NetmapDifference
{
    /// <summary>Nothing that a restart would miss.</summary>
    None,

    /// <summary>Only where peers are found; they are searched for in any case.</summary>
    Paths,

    /// <summary>Who belongs to the tailnet, under which key and address, and what may pass.</summary>
    Essence,
}

/// <summary>Compares netmaps; what they share costs nothing.</summary>
internal static class NetmapComparison
{
    /// <summary>What <paramref name="now"/> has that <paramref name="kept"/> has not; a missing one lacks everything.</summary>
    public static NetmapDifference Compare(Netmap? kept, Netmap now)
    {
        if (ReferenceEquals(kept, now))
        {
            return NetmapDifference.None;
        }

        return kept is null || kept.Domain != now.Domain || kept.Peers.Count != now.Peers.Count
            || !Same(Essence(kept.Self), Essence(now.Self), TailcfgJson.Default.Node)
            || !SameList(kept.PacketFilter, now.PacketFilter, TailcfgJson.Default.FilterRule)
            || !Same(kept.Dns, now.Dns, TailcfgJson.Default.DnsConfig)
            || !Same(kept.Derp, now.Derp, TailcfgJson.Default.DerpMap)
            ? NetmapDifference.Essence : ComparePeers(kept.Peers, now.Peers);
    }

    /// <summary>
    /// The kept netmap again, holding <paramref name="now"/>'s objects for peers that a restart would not miss to be written: two netmaps of ten
    /// thousand peers are not in memory for the sake of a few that differ.
    /// </summary>
    public static Netmap Share(Netmap kept, Netmap now)
    {
        int apart = 0;
        foreach (Peer before in kept.Peers)
        {
            apart += now.Peers.TryGet(before.ID, out Peer? after) && !ReferenceEquals(before, after) && Lasting(before) == Lasting(after) ? 1 : 0;
        }

        return apart <= kept.Peers.Count / 4 ? kept : kept with
        {
            Peers = PeerTable.Of(kept.Peers.Select(before => now.Peers.TryGet(before.ID, out Peer? after) && Lasting(before) == Lasting(after) ? after : before)),
        };
    }

    static NetmapDifference ComparePeers(PeerTable kept, PeerTable now)
    {
        NetmapDifference found = NetmapDifference.None;
        if (ReferenceEquals(kept, now))
        {
            return found;
        }

        foreach ((Peer before, Peer after) in kept.Zip(now))
        {
            if (ReferenceEquals(before, after) || Lasting(before) == Lasting(after))
            {
                continue;
            }

            found = NetmapDifference.Paths;
            if (Essence(before) != Essence(after))
            {
                return NetmapDifference.Essence;
            }
        }

        return found;
    }

    static Peer Lasting(Peer peer) => peer with { Online = null, LastSeen = null };

    static Peer Essence(Peer peer) => Lasting(peer) with { Endpoints = PeerEndpoints.None, HomeDERP = 0, DiscoKey = default, Cap = 0 };

    static WireNode Essence(WireNode self) => self with
    {
        Online = null, LastSeen = null, Endpoints = null, HomeDERP = 0, DERP = null, DiscoKey = default, Cap = 0, Hostinfo = null,
    };

    static bool SameList<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, JsonTypeInfo<T> type)
        where T : class =>
        ReferenceEquals(a, b) || (a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second, type)));

    // By what would be written: the wire types hold lists, which are compared by no operator.
    static bool Same<T>(T? a, T? b, JsonTypeInfo<T> type)
        where T : class =>
        ReferenceEquals(a, b)
        || (a is not null && b is not null && JsonSerializer.SerializeToUtf8Bytes(a, type).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(b, type)));
}
