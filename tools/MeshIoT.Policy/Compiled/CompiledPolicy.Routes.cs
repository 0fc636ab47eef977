using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Compiler;

namespace MeshIoT.Policy;

/// <summary>Which addresses and routes a node is told of its peers.</summary>
public sealed partial class CompiledPolicy
{
    /// <summary>
    /// What packets to the peer may be addressed to, as the viewer sees it: the peer's addresses, the routes that
    /// <see cref="RoutesOf"/> gives, and the exit routes that the viewer may use. Empty when the viewer does not see the peer.
    /// </summary>
    public IReadOnlyList<IPNetwork> AllowedIPs(long viewer, long peer)
    {
        if (!CanSee(viewer, peer))
        {
            return [];
        }

        NodeEntry a = Entry(viewer)!, b = Entry(peer)!;
        IPNetwork[] own = ClassOf(a).Key.NoIPv4 || ClassOf(b).Key.NoIPv4 ? b.Own[1..] : b.Own;
        return b.Subnets.Length == 0 && !b.IsExit ? own : [.. own, .. Routes(a, b), .. ExitRoutes(a, b)];
    }

    /// <summary>The subnet routes behind a peer that the viewer may use and for which the peer is the router to take; the peer's PrimaryRoutes in a netmap.</summary>
    public IReadOnlyList<IPNetwork> RoutesOf(long viewer, long peer)
        => CanSee(viewer, peer) ? [.. Routes(Entry(viewer)!, Entry(peer)!)] : [];

    /// <summary>The node's own entry: its addresses and every route of its own that has effect.</summary>
    public IReadOnlyList<IPNetwork> SelfAllowedIPs(long id)
        => Entry(id) is { } node ? [.. ClassOf(node).Key.NoIPv4 ? node.Own[1..] : node.Own, .. node.Subnets, .. node.Exits] : [];

    /// <summary>The router that stands for a prefix: as the coordinator elected, else the lowest number; null when there is none.</summary>
    public long? PrimaryRouter(IPNetwork prefix)
    {
        if (!snapshot.Routers.TryGetValue(prefix, out ImmutableSortedSet<long>? routers))
        {
            return null;
        }

        bool decided = false;
        foreach (long id in routers)
        {
            ImmutableArray<IPNetwork> elected = snapshot.Nodes[id].Node.PrimaryRoutes;
            decided |= !elected.IsDefault;
            if (!elected.IsDefault && elected.Contains(prefix))
            {
                return id;
            }
        }

        return decided ? null : routers.Min;
    }

    IEnumerable<IPNetwork> Routes(NodeEntry viewer, NodeEntry router)
    {
        NodeClass a = ClassOf(viewer), b = ClassOf(router);
        for (int i = 0; i < router.Subnets.Length; i++)
        {
            IPNetwork prefix = router.Subnets[i];
            AddressRange range = router.SubnetRanges[i];
            // Where a rule without via opens the prefix, the elected router takes it; via only steers what nothing else opens.
            bool shown = MayUse(viewer, a, prefix, range)
                ? PrimaryRouter(prefix) == router.Node.Id
                : IsViaRouter(a, b, router, prefix, range);
            if (shown)
            {
                yield return prefix;
            }
        }
    }

    /// <summary>True when the viewer may reach the prefix, is reached from it, or serves the same prefix itself.</summary>
    bool MayUse(NodeEntry viewer, NodeClass a, IPNetwork prefix, AddressRange range)
        => Array.IndexOf(viewer.Subnets, prefix) >= 0
            || Array.Exists(a.SourceEdges, e => !graph.Edges[e].IsVia && graph.Edges[e].Destination.Overlaps(range))
            || Array.Exists(a.DestinationEdges, e => !graph.Edges[e].IsVia && graph.Edges[e].Source.Overlaps(range));

    /// <summary>True when a rule through tagged routers opens the prefix to the viewer and this is the one of them to take.</summary>
    bool IsViaRouter(NodeClass a, NodeClass b, NodeEntry router, IPNetwork prefix, AddressRange range)
    {
        foreach (int index in a.SourceEdges)
        {
            Edge edge = graph.Edges[index];
            if (edge.IsVia && edge.Destination.Overlaps(range) && PolicyGraph.Takes(edge, b.Key.Selectors) && ViaPrimary(edge, prefix) == router.Node.Id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Among the tagged routers of a prefix: the elected one where it has the tag, else the lowest number.</summary>
    long? ViaPrimary(Edge edge, IPNetwork prefix)
    {
        long? elected = PrimaryRouter(prefix), first = null;
        foreach (long id in snapshot.Routers.TryGetValue(prefix, out ImmutableSortedSet<long>? routers) ? routers : [])
        {
            if (PolicyGraph.Takes(edge, ClassOf(snapshot.Nodes[id]).Key.Selectors))
            {
                first ??= id;
                if (id == elected)
                {
                    return id;
                }
            }
        }

        return first;
    }

    IPNetwork[] ExitRoutes(NodeEntry viewer, NodeEntry exit)
    {
        if (!exit.IsExit)
        {
            return [];
        }

        int[] selectors = ClassOf(exit).Key.Selectors;
        foreach (int index in ClassOf(viewer).SourceEdges)
        {
            Edge edge = graph.Edges[index];
            AddressSpec to = edge.Destination;
            if (PolicyGraph.Takes(edge, selectors) && (to.Internet || (to.Star && !edge.IsVia) || to.Ranges.Any(r => r.IsEverything)))
            {
                return exit.Exits;
            }
        }

        return [];
    }
}
