using System;

namespace MeshIoT.History;

/// <summary>Where the calendar days of a time zone begin. A day is 23 or 25 hours long when the clocks change. Not for two threads at once.</summary>
internal sealed class DayStarts(TimeZoneInfo zone)
{
    // A few days within what DateTime can hold.
    static readonly long MinMs = DateTimeOffset.MinValue.AddDays(3).ToUnixTimeMilliseconds(), MaxMs = DateTimeOffset.MaxValue.AddDays(-3).ToUnixTimeMilliseconds();

    long start = long.MaxValue, end = long.MinValue, number;

    /// <summary>When the day began that this moment belongs to, Unix milliseconds.</summary>
    public long Of(long unixMs)
    {
        Find(unixMs);
        return start;
    }

    /// <summary>The number of the day that this moment belongs to; one more each calendar day.</summary>
    public long NumberOf(long unixMs)
    {
        Find(unixMs);
        return number;
    }

    void Find(long unixMs)
    {
        unixMs = Math.Clamp(unixMs, MinMs, MaxMs);
        if (unixMs < start || unixMs >= end)
        {
            DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
            DateTime date = at.UtcDateTime.Add(zone.GetUtcOffset(at)).Date;
            (start, end, number) = (BeginOf(date), BeginOf(date.AddDays(1)), date.Ticks / TimeSpan.TicksPerDay);
        }
    }

    long BeginOf(DateTime date)
    {
        // The offsets on both sides of midnight. Where midnight is skipped the day begins at the change, where it comes twice with the second.
        DateTimeOffset midnight = new(date, TimeSpan.Zero), near = midnight - zone.GetUtcOffset(midnight);
        TimeSpan before = zone.GetUtcOffset(near.AddHours(-3)), after = zone.GetUtcOffset(near.AddHours(3));
        DateTimeOffset late = midnight - after;
        return (zone.GetUtcOffset(late) == after ? late : midnight - before).ToUnixTimeMilliseconds();
    }
}
