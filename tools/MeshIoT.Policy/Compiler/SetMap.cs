using System.Collections.Generic;
using System.Collections.Immutable;

namespace MeshIoT.Policy.Compiler;

/// <summary>A map of sets under change: what is not touched stays the same object, empty sets go.</summary>
internal sealed class SetMap<TKey, TValue>(ImmutableDictionary<TKey, ImmutableSortedSet<TValue>> from)
    where TKey : notnull
{
    readonly Dictionary<TKey, ImmutableSortedSet<TValue>.Builder> touched = [];

    public ImmutableSortedSet<TValue>.Builder Of(TKey key)
    {
        if (!touched.TryGetValue(key, out ImmutableSortedSet<TValue>.Builder? set))
        {
            touched[key] = set = (from.TryGetValue(key, out ImmutableSortedSet<TValue>? known) ? known : []).ToBuilder();
        }

        return set;
    }

    public ImmutableDictionary<TKey, ImmutableSortedSet<TValue>> Build()
    {
        if (touched.Count == 0)
        {
            return from;
        }

        ImmutableDictionary<TKey, ImmutableSortedSet<TValue>>.Builder map = from.ToBuilder();
        foreach ((TKey key, ImmutableSortedSet<TValue>.Builder set) in touched)
        {
            if (set.Count == 0)
            {
                map.Remove(key);
            }
            else
            {
                map[key] = set.ToImmutable();
            }
        }

        return map.ToImmutable();
    }
}
