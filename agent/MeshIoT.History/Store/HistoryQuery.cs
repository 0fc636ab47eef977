using System;
using System.Collections.Generic;

namespace MeshIoT.History;

/// <summary>One question to the history: gathers from sorted chunks, batches on the disk, batches that wait, and what came since.</summary>
internal sealed class HistoryQuery(
    HistoryFile? file, DayStarts days, List<(SensorSeries Series, double Factor, double Summand)> series, List<Batch> waiting)
{
    /// <summary>Auto takes a finer resolution and makes spans of it itself while it has no more than so many values for a point.</summary>
    const int Finer = 8;

    /// <summary>Times are within some ten thousand years.</summary>
    const long Beyond = 1L << 48;

    static readonly Resolution[] All = [Resolution.Raw, .. Lengths.Stored];

    /// <summary>Fills <paramref name="answer"/> in.</summary>
    public HistorySeries Run(HistorySeries answer, long from, long to, Resolution wanted, int most)
    {
        (from, to) = (Math.Max(from, -Beyond), Math.Min(to, Beyond));
        Extent fresh = Fresh(from, to);
        Dictionary<Resolution, Extent> extents = [];
        foreach (Resolution stored in All)
        {
            extents[stored] = Sorted(stored, from, to).With(fresh);
        }

        Resolution resolution = wanted == Resolution.Auto ? Choose(extents, from, most) : wanted;
        Extent extent = extents[resolution];
        if (extent.Count == 0)
        {
            return answer with { Resolution = resolution };
        }

        // Only the time that there is something of: an endless range has as fine points as a tight one.
        (from, to) = (Math.Max(from, extent.First), Math.Min(to, extent.Last + 1));
        if (resolution == Resolution.Raw && extent.Count <= Math.Max(2L * most, 256))
        {
            List<HistoryPoint> points = First(from, to, int.MaxValue);
            if (points.Count <= most)
            {
                return answer with { Resolution = Resolution.Raw, Points = points };
            }
        }

        (Gathering gathering, long step) = Spans(resolution, from, to, most);
        long begin = resolution == Resolution.Day ? days.Of(from) : Lengths.Start(from, step);
        Gather(resolution, begin, to, gathering);
        List<Bucket> buckets = gathering.Sorted();
        if (most == 1 && buckets.Count > 1)
        {
            (buckets, step) = (Together(buckets), buckets.Count * step);
        }

        return answer with { Resolution = resolution, StepMs = step, Points = buckets.ConvertAll(static b => new HistoryPoint(b.Start, b.Min, b.Sum / b.Count, b.Max, b.Count)) };
    }

    /// <summary>The first measured values in the order of time; more than asked for only where several are of the last one's millisecond.</summary>
    public List<HistoryPoint> First(long from, long to, int most)
    {
        List<(long UnixMs, double Value)> points = [];
        long end = to;
        Points(from, to, Take);
        Cut(points, most);
        return points.ConvertAll(static p => new HistoryPoint(p.UnixMs, p.Value, p.Value, p.Value, 1));

        void Take(long time, double value)
        {
            if (time < end)
            {
                points.Add((time, value));
                if (points.Count / 2 >= Math.Max(most, 4096))
                {
                    end = Cut(points, most);
                }
            }
        }
    }

    /// <summary>Sorts and leaves the first ones; gives the time from which on nothing is wanted any more.</summary>
    static long Cut(List<(long UnixMs, double Value)> points, int most)
    {
        TimeOrder.Sort(points);
        int keep = Math.Min(most, points.Count);
        while (keep > 0 && keep < points.Count && points[keep].UnixMs == points[keep - 1].UnixMs)
        {
            keep++;
        }

        long end = keep < points.Count ? points[keep].UnixMs : long.MaxValue;
        points.RemoveRange(keep, points.Count - keep);
        return end;
    }

    Resolution Choose(Dictionary<Resolution, Extent> extents, long from, int most)
    {
        // Where the history begins, as well as the coarse know it: a day that begins at midnight may have its first value at noon.
        long begin = long.MaxValue;
        foreach (Resolution resolution in All)
        {
            begin = extents[resolution].Count == 0 ? begin : Math.Min(begin, extents[resolution].First + Lengths.LongestOf(resolution));
        }

        Resolution choice = Resolution.Raw;
        foreach (Resolution resolution in All)
        {
            Extent extent = extents[resolution];
            if (extent.Count == 0 || extent.First > Math.Max(from, begin))
            {
                continue;
            }

            choice = resolution;
            if ((resolution == Resolution.Raw ? extent.Count : (extent.Last - extent.First) / Lengths.Of(resolution)) <= (long)Finer * most)
            {
                break;
            }
        }

        return choice;
    }

    (Gathering Gathering, long Step) Spans(Resolution resolution, long from, long to, int most)
    {
        most = Math.Max(most, 2);
        if (resolution != Resolution.Day)
        {
            long length = Lengths.Coarse(resolution, from, to, most);
            return (Gathering.Spans(length), length);
        }

        // Groups of days begin with a multiple of their number: one more than fit may hold some.
        long all = days.NumberOf(to - 1) - days.NumberOf(from) + 1, count = all <= most ? 1 : (all + most - 2) / (most - 1);
        return (Gathering.Days(days, count), count * Lengths.Of(Resolution.Day));
    }

    static List<Bucket> Together(List<Bucket> buckets)
    {
        Bucket all = buckets[0];
        foreach (Bucket bucket in buckets[1..])
        {
            all = all.With(bucket);
        }

        return [all];
    }

    void Gather(Resolution resolution, long from, long to, Gathering gathering)
    {
        if (resolution == Resolution.Raw)
        {
            Points(from, to, (time, value) => gathering.Add(Bucket.Of(time, value)));
            return;
        }

        foreach ((SensorSeries one, double factor, double summand) in series)
        {
            if (one.Number > 0)
            {
                file?.ReadBuckets(one.Number, resolution, from, to, bucket => gathering.Add(bucket.In(factor, summand)));
                file?.ReadBatches(one.Number, from, to, (time, value) => gathering.Add(Bucket.Of(time, (value * factor) + summand)));
            }

            InMemory(one, from, to, (time, value) => gathering.Add(Bucket.Of(time, (value * factor) + summand)));
        }
    }

    void Points(long from, long to, Action<long, double> take)
    {
        foreach ((SensorSeries one, double factor, double summand) in series)
        {
            Action<long, double> converted = factor == 1 && summand == 0 ? take : (time, value) => take(time, (value * factor) + summand);
            if (one.Number > 0)
            {
                file?.ReadPoints(one.Number, from, to, converted);
            }

            InMemory(one, from, to, converted);
        }
    }

    void InMemory(SensorSeries one, long from, long to, Action<long, double> take)
    {
        foreach (Batch batch in waiting)
        {
            foreach ((SensorSeries owner, PointWriter points) in batch.Parts)
            {
                if (owner == one)
                {
                    Take(points);
                }
            }
        }

        if (one.Open is { } open)
        {
            Take(open);
        }

        void Take(PointWriter points)
        {
            PointReader reader = new(points.Written, points.Start);
            while (reader.Next())
            {
                if (reader.UnixMs >= from && reader.UnixMs < to)
                {
                    take(reader.UnixMs, reader.Value);
                }
            }
        }
    }

    Extent Sorted(Resolution resolution, long from, long to)
    {
        Extent extent = Extent.None;
        foreach ((SensorSeries one, _, _) in series)
        {
            if (one.Number > 0 && file is not null)
            {
                // Of chunks that reach beyond the range, about the part within it. A span that begins before the range may reach into it.
                Extent whole = file.Extent(one.Number, resolution, from - Math.Max(Lengths.LongestOf(resolution) - 1, 0), to);
                if (whole.Count > 0)
                {
                    whole = whole with { Last = whole.Last + Math.Max(Lengths.Of(resolution) - 1, 0) };
                    double part = (double)(Math.Min(to, whole.Last + 1) - Math.Max(from, whole.First)) / (whole.Last + 1 - whole.First);
                    extent = extent.With(new(Math.Max(1, (long)(whole.Count * part)), Math.Max(whole.First, from), Math.Min(whole.Last, to - 1)));
                }
            }
        }

        return extent;
    }

    Extent Fresh(long from, long to)
    {
        Extent extent = Extent.None;
        foreach ((SensorSeries one, _, _) in series)
        {
            if (one.Number > 0)
            {
                file?.ReadBatches(one.Number, from, to, (time, _) => extent = extent.With(new(1, time, time)));
            }

            InMemory(one, from, to, (time, _) => extent = extent.With(new(1, time, time)));
        }

        return extent;
    }
}
