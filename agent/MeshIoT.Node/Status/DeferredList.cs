using System;
using System.Collections;
using System.Collections.Generic;
using System.Threading;

namespace MeshIoT.Node;

/// <summary>A list that is made when somebody looks into it: most who ask for a status do not care for ten thousand peers.</summary>
internal sealed class DeferredList<T>(Func<IReadOnlyList<T>> make) : IReadOnlyList<T>
{
    readonly Lazy<IReadOnlyList<T>> list = new(make, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <inheritdoc/>
    public int Count => list.Value.Count;

    /// <inheritdoc/>
    public T this[int index] => list.Value[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => list.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
