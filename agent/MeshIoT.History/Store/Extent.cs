using System;

namespace MeshIoT.History;

/// <summary>How much there is, and from when to when.</summary>
internal readonly record struct Extent(long Count, long First, long Last)
{
    /// <summary>Nothing.</summary>
    public static Extent None => new(0, long.MaxValue, long.MinValue);

    /// <summary>This and another together.</summary>
    public Extent With(Extent other) => new(Count + other.Count, Math.Min(First, other.First), Math.Max(Last, other.Last));
}
