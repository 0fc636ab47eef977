namespace MeshIoT.History;

/// <summary>One value of a series, or what several come to.</summary>
/// <param name="UnixMs">When it was measured, or when its span begins; milliseconds since 1970-01-01 UTC.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Mean">The mean of all values.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Count">How many values; 1 for one that stands for itself.</param>
public readonly record struct HistoryPoint(long UnixMs, double Min, double Mean, double Max, long Count);
