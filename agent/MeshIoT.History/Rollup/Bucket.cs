using System;

namespace MeshIoT.History;

/// <summary>What the values of a span of time come to. Parts of one span can be added up in any order.</summary>
/// <param name="Start">Where the span begins, Unix milliseconds.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Sum">All values together.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Bucket(long Start, double Min, double Max, double Sum, long Count)
{
    /// <summary>One value alone.</summary>
    public static Bucket Of(long start, double value) => new(start, value, value, value, 1);

    /// <summary>This and another part of the same span.</summary>
    public Bucket With(in Bucket other) =>
        new(Math.Min(Start, other.Start), Math.Min(Min, other.Min), Math.Max(Max, other.Max), Sum + other.Sum, Count + other.Count);

    /// <summary>In another unit: <c>value × factor + summand</c>.</summary>
    public Bucket In(double factor, double summand)
    {
        double a = (Min * factor) + summand, b = (Max * factor) + summand;
        return new(Start, Math.Min(a, b), Math.Max(a, b), (Sum * factor) + (Count * summand), Count);
    }
}
