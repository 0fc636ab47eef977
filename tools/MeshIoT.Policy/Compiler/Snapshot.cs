using System.Collections.Immutable;
using System.Net;

namespace MeshIoT.Policy.Compiler;

/// <summary>All nodes, sorted into classes. Immutable; the next one shares all that did not change.</summary>
internal sealed record Snapshot
{
    public static Snapshot Empty { get; } = new();

    public ImmutableDictionary<long, NodeEntry> Nodes { get; init; } = ImmutableDictionary<long, NodeEntry>.Empty;

    public ImmutableDictionary<ClassKey, int> ClassIds { get; init; } = ImmutableDictionary<ClassKey, int>.Empty;

    public ImmutableDictionary<int, NodeClass> Classes { get; init; } = ImmutableDictionary<int, NodeClass>.Empty;

    public int NextClass { get; init; }

    public Topology Topology { get; init; } = Topology.Empty;

    /// <summary>Untagged nodes by owner.</summary>
    public ImmutableDictionary<long, ImmutableSortedSet<long>> ByUser { get; init; } = ImmutableDictionary<long, ImmutableSortedSet<long>>.Empty;

    /// <summary>Routers by effective subnet route.</summary>
    public ImmutableDictionary<IPNetwork, ImmutableSortedSet<long>> Routers { get; init; } = ImmutableDictionary<IPNetwork, ImmutableSortedSet<long>>.Empty;
}
