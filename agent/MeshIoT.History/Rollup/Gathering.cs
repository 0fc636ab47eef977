using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace MeshIoT.History;

/// <summary>Adds values and buckets up into spans, in any order. As many as there are spans with something in them.</summary>
internal sealed class Gathering
{
    readonly Dictionary<long, Bucket> spans = [];
    readonly DayStarts? days;
    readonly long length;
    long lastKey = long.MinValue;
    Bucket last;

    Gathering(DayStarts? days, long length) => (this.days, this.length) = (days, length);

    /// <summary>Spans of so many milliseconds.</summary>
    public static Gathering Spans(long length) => new(null, length);

    /// <summary>Spans of so many calendar days.</summary>
    public static Gathering Days(DayStarts days, long count) => new(days, count);

    /// <summary>Adds what lies in the span that its start belongs to.</summary>
    public void Add(in Bucket bucket)
    {
        // Most come in order: only the change from one span to the next looks into the table.
        long key = days is null ? Lengths.Start(bucket.Start, length) : days.NumberOf(bucket.Start) / length;
        if (key == lastKey)
        {
            last = last.With(bucket);
            return;
        }

        Put();
        (lastKey, last) = (key, bucket);
    }

    /// <summary>What there is, in the order of time, each with the start of its span.</summary>
    public List<Bucket> Sorted()
    {
        Put();
        (lastKey, last) = (long.MinValue, default);
        List<Bucket> all = new(spans.Count);
        foreach ((long key, Bucket bucket) in spans)
        {
            all.Add(bucket with { Start = days is null ? key : days.Of(bucket.Start) });
        }

        all.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return all;
    }

    void Put()
    {
        if (lastKey != long.MinValue)
        {
            ref Bucket known = ref CollectionsMarshal.GetValueRefOrAddDefault(spans, lastKey, out bool isKnown);
            known = isKnown ? known.With(last) : last;
        }
    }
}
