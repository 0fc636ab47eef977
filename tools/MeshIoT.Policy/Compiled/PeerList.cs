using System;
using System.Collections;
using System.Collections.Generic;

namespace MeshIoT.Policy;

/// <summary>Numbers of the peers of one node, ascending: the list of its class, shared, without the node itself.</summary>
public sealed class PeerList : IReadOnlyList<long>
{
    readonly long[] ids;
    readonly int skip;

    internal PeerList(long[] ids, long self)
    {
        this.ids = ids;
        int at = Array.BinarySearch(ids, self);
        skip = at < 0 ? ids.Length : at;
    }

    /// <inheritdoc/>
    public int Count => ids.Length - (skip < ids.Length ? 1 : 0);

    /// <inheritdoc/>
    public long this[int index] => index >= 0 && index < Count ? ids[index < skip ? index : index + 1] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>True when <paramref name="id"/> is a peer.</summary>
    public bool Contains(long id)
    {
        int at = Array.BinarySearch(ids, id);
        return at >= 0 && at != skip;
    }

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator()
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (i != skip)
            {
                yield return ids[i];
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
