using System.Collections.Immutable;

namespace MeshIoT.Policy.Compiler;

/// <summary>Which classes take part in which edge, and which have which selector. A new object whenever a class comes or goes.</summary>
internal sealed record Topology(
    ImmutableDictionary<int, ImmutableSortedSet<int>> Sources,
    ImmutableDictionary<int, ImmutableSortedSet<int>> Destinations,
    ImmutableDictionary<int, ImmutableSortedSet<int>> BySelector)
{
    public static Topology Empty { get; } = new(
        ImmutableDictionary<int, ImmutableSortedSet<int>>.Empty, ImmutableDictionary<int, ImmutableSortedSet<int>>.Empty, ImmutableDictionary<int, ImmutableSortedSet<int>>.Empty);

    public static ImmutableSortedSet<int> Of(ImmutableDictionary<int, ImmutableSortedSet<int>> map, int key)
        => map.TryGetValue(key, out ImmutableSortedSet<int>? set) ? set : [];
}
