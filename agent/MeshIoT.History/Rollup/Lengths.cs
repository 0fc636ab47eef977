using System;
using System.Collections.Generic;

namespace MeshIoT.History;

/// <summary>The lengths that values are rolled up to.</summary>
internal static class Lengths
{
    const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    /// <summary>What is rolled up and stored.</summary>
    public static readonly Resolution[] Stored = [Resolution.Minute, Resolution.QuarterHour, Resolution.Hour, Resolution.Day];

    // Lengths that people can read off an axis.
    static readonly long[] Round =
    [
        Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 30 * Second, Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute, 30 * Minute,
        Hour, 2 * Hour, 3 * Hour, 6 * Hour, 12 * Hour, Day,
    ];

    /// <summary>How long a resolution's span is, milliseconds; a day as if all were equal; 0 for measured values.</summary>
    public static long Of(Resolution resolution) => resolution switch
    {
        Resolution.Minute => Minute,
        Resolution.QuarterHour => 15 * Minute,
        Resolution.Hour => Hour,
        Resolution.Day => Day,
        _ => 0,
    };

    /// <summary>The start of the span that a moment belongs to.</summary>
    public static long Start(long unixMs, long length) => unixMs - (((unixMs % length) + length) % length);

    /// <summary>How long the longest span of a resolution can be: a day on which clocks are set back, with an hour to spare.</summary>
    public static long LongestOf(Resolution resolution) => resolution == Resolution.Day ? 26 * Hour : Of(resolution);

    /// <summary>A round length, a multiple of the resolution's own, of which no more than <paramref name="most"/> (2 or more) hold the time from one moment until before another.</summary>
    public static long Coarse(Resolution resolution, long from, long to, int most)
    {
        foreach (long length in Round)
        {
            if (length >= Of(resolution) && (Start(to - 1, length) - Start(from, length)) / length < most)
            {
                return length;
            }
        }

        return (((to - from) / (most - 1) / Day) + 1) * Day;
    }

    /// <summary>Rolls points up to a resolution, in the order of time.</summary>
    public static List<Bucket> RollUp(IReadOnlyList<(long UnixMs, double Value)> points, Resolution resolution, DayStarts days)
    {
        Gathering gathering = resolution == Resolution.Day ? Gathering.Days(days, 1) : Gathering.Spans(Of(resolution));
        foreach ((long time, double value) in points)
        {
            gathering.Add(Bucket.Of(time, value));
        }

        return gathering.Sorted();
    }
}
