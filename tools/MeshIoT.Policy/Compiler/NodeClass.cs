using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using MeshIoT.Policy.Addresses;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Compiler;

/// <summary>Nodes that the policy cannot tell apart: they see the same peers and are seen by the same.</summary>
internal sealed class NodeClass
{
    PeerCache? peers;
    FilterCache? filter;

    public NodeClass(int id, ClassKey key, PolicyGraph graph, AddressRange[] subnets, ImmutableSortedSet<long> members)
    {
        (Id, Key, Subnets, Members) = (id, key, subnets, members);
        (SourceEdgesAsNode, SourceEdges) = graph.SourceEdges(key.Selectors, subnets);
        DestinationEdges = graph.DestinationEdges(key.Selectors, subnets, key.Exit);
        foreach (int edge in SourceEdgesAsNode)
        {
            SeesOwnUser |= graph.Edges[edge].Destination.Self;
        }
    }

    NodeClass(NodeClass from, ImmutableSortedSet<long> members)
    {
        (Id, Key, Subnets, Members) = (from.Id, from.Key, from.Subnets, members);
        (SourceEdgesAsNode, SourceEdges, DestinationEdges, SeesOwnUser) = (from.SourceEdgesAsNode, from.SourceEdges, from.DestinationEdges, from.SeesOwnUser);
        (peers, filter) = (from.Peers, from.Filter);
    }

    public int Id { get; }

    public ClassKey Key { get; }

    public AddressRange[] Subnets { get; }

    /// <summary>Numbers of the nodes. A new object whenever a member joins, leaves, or changes.</summary>
    public ImmutableSortedSet<long> Members { get; }

    public int[] SourceEdgesAsNode { get; }

    public int[] SourceEdges { get; }

    public int[] DestinationEdges { get; }

    /// <summary>True when members are a source of a rule towards autogroup:self.</summary>
    public bool SeesOwnUser { get; }

    public PeerCache? Peers
    {
        get => Volatile.Read(ref peers);
        set => Volatile.Write(ref peers, value);
    }

    public FilterCache? Filter
    {
        get => Volatile.Read(ref filter);
        set => Volatile.Write(ref filter, value);
    }

    public NodeClass With(ImmutableSortedSet<long> members) => new(this, members);

    public bool Sees(NodeClass other)
        => SortedInts.Intersect(SourceEdges, other.DestinationEdges) || SortedInts.Intersect(other.SourceEdges, DestinationEdges);

    /// <summary>The classes that this one sees, and their members in one list; holds while these are the current ones.</summary>
    internal sealed record PeerCache(Topology Topology, int[] Classes, ImmutableSortedSet<long>[] Members, long[] Ids);

    /// <summary>The filter of every member, where it names none of them; holds while the source lists do.</summary>
    internal sealed record FilterCache(SourceList[] Sources, IReadOnlyList<FilterRule> Rules);
}
