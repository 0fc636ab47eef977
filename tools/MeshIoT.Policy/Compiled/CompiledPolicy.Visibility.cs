using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Compiler;

namespace MeshIoT.Policy;

/// <summary>Who sees whom: two nodes see each other when a rule lets one of them, or what it routes for, reach the other.</summary>
public sealed partial class CompiledPolicy
{
    /// <summary>True when the two see each other; a node does not see itself.</summary>
    public bool CanSee(long viewer, long peer)
    {
        if (viewer == peer || Entry(viewer) is not { } a || Entry(peer) is not { } b)
        {
            return false;
        }

        NodeClass classA = ClassOf(a), classB = ClassOf(b);
        return classA.Sees(classB)
            || (a.UserId is { } user && b.UserId == user && (classA.SeesOwnUser || classB.SeesOwnUser));
    }

    /// <summary>Numbers of all nodes that the node sees, ascending.</summary>
    public PeerList Peers(long id)
    {
        if (Entry(id) is not { } node)
        {
            return new([], id);
        }

        NodeClass own = ClassOf(node);
        long[] ids = ClassPeers(own);
        if (OwnDevices(node, own) is { Count: > 0 } more)
        {
            ids = [.. ids.Union(more).Order()];
        }

        return new(ids, id);
    }

    /// <summary>What the node's view has in common with that of others.</summary>
    public ViewClass ViewClass(long id)
    {
        if (Entry(id) is not { } node)
        {
            return new(-1, -1);
        }

        NodeClass own = ClassOf(node);
        return new(own.Id, node.UserId is { } user && SelfRules(node, own) ? user : -1);
    }

    bool SelfRules(NodeEntry node, NodeClass own) => graph.HasSelfRules && (own.SeesOwnUser || SameUser(node).Any(n => ClassOf(n).SeesOwnUser));

    /// <summary>Devices of the same user that a rule about people's own devices adds.</summary>
    List<long> OwnDevices(NodeEntry node, NodeClass own)
        => !graph.HasSelfRules ? [] : [.. SameUser(node).Where(n => own.SeesOwnUser || ClassOf(n).SeesOwnUser).Select(n => n.Node.Id)];

    /// <summary>The peers of a class, from its cache where that still holds.</summary>
    long[] ClassPeers(NodeClass own)
    {
        NodeClass.PeerCache? cache = own.Peers;
        int[] visible = cache is not null && ReferenceEquals(cache.Topology, snapshot.Topology) ? cache.Classes : VisibleClasses(own);
        if (cache is not null && ReferenceEquals(cache.Classes, visible) && Holds(cache))
        {
            return cache.Ids;
        }

        ImmutableSortedSet<long>[] members = [.. visible.Select(c => snapshot.Classes[c].Members)];
        long[] ids = new long[members.Sum(m => m.Count)];
        int at = 0;
        foreach (ImmutableSortedSet<long> set in members)
        {
            foreach (long id in set)
            {
                ids[at++] = id;
            }
        }

        if (members.Length > 1)
        {
            Array.Sort(ids);
        }

        own.Peers = new(snapshot.Topology, visible, members, ids);
        return ids;
    }

    bool Holds(NodeClass.PeerCache cache)
    {
        for (int i = 0; i < cache.Classes.Length; i++)
        {
            if (!ReferenceEquals(snapshot.Classes[cache.Classes[i]].Members, cache.Members[i]))
            {
                return false;
            }
        }

        return true;
    }

    int[] VisibleClasses(NodeClass own)
    {
        HashSet<int> visible = [];
        foreach (int edge in own.SourceEdges)
        {
            visible.UnionWith(Topology.Of(snapshot.Topology.Destinations, edge));
        }

        foreach (int edge in own.DestinationEdges)
        {
            visible.UnionWith(Topology.Of(snapshot.Topology.Sources, edge));
        }

        return SortedInts.Of(visible);
    }
}
