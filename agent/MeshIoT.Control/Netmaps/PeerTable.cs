using System.Collections;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MeshIoT.Control;

/// <summary>
/// The peers of a netmap, in the order of their ids. Immutable; one that differs in a few peers shares the rest with the one it came from, so that
/// a change costs O(log n).
/// </summary>
public sealed class PeerTable : IReadOnlyCollection<Peer>
{
    internal PeerTable(ImmutableSortedDictionary<long, Peer> byId) => ById = byId;

    /// <summary>No peers.</summary>
    public static PeerTable Empty { get; } = new(ImmutableSortedDictionary<long, Peer>.Empty);

    /// <inheritdoc/>
    public int Count => ById.Count;

    internal ImmutableSortedDictionary<long, Peer> ById { get; }

    /// <summary>A table of these; a later one with the same id wins.</summary>
    public static PeerTable Of(IEnumerable<Peer> peers)
    {
        ImmutableSortedDictionary<long, Peer>.Builder builder = ImmutableSortedDictionary.CreateBuilder<long, Peer>();
        foreach (Peer peer in peers)
        {
            builder[peer.ID] = peer;
        }

        return new PeerTable(builder.ToImmutable());
    }

    /// <summary>The peer with this id.</summary>
    public bool TryGet(long id, [NotNullWhen(true)] out Peer? peer) => ById.TryGetValue(id, out peer);

    /// <inheritdoc/>
    public IEnumerator<Peer> GetEnumerator() => ById.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
