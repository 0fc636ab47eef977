using System.Collections.Generic;

namespace MeshIoT.History;

/// <summary>Orders points by time; those of one moment stay as they came.</summary>
internal static class TimeOrder
{
    /// <summary>Sorts in place.</summary>
    public static void Sort(List<(long UnixMs, double Value)> points)
    {
        List<(long UnixMs, int Place)> keys = new(points.Count);
        for (int i = 0; i < points.Count; i++)
        {
            keys.Add((points[i].UnixMs, i));
        }

        keys.Sort();
        (long, double)[] sorted = new (long, double)[points.Count];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = points[keys[i].Place];
        }

        points.Clear();
        points.AddRange(sorted);
    }
}
