using System;
using System.Collections.Generic;

namespace MeshIoT.History;

/// <summary>
/// What came within one batch, of all sensors. As bytes: per sensor its number, where its first point lies from the base (ms, signed), how many points,
/// how many bytes, and the bytes of <see cref="PointWriter"/>; a checksum at the end.
/// </summary>
internal sealed class Batch
{
    readonly List<(SensorSeries Series, PointWriter Points)> parts = [];

    /// <summary>Bytes of all points.</summary>
    public int Bytes { get; private set; }

    /// <summary>Points of all sensors.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest time.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>The latest time.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>The sensors in it.</summary>
    public IReadOnlyList<(SensorSeries Series, PointWriter Points)> Parts => parts;

    /// <summary>Adds a sensor's points.</summary>
    public void Add(SensorSeries series, PointWriter points)
    {
        parts.Add((series, points));
        Bytes += points.Length;
        Count += points.Count;
        (First, Last) = (Math.Min(First, points.First), Math.Max(Last, points.Last));
    }

    /// <summary>All times move.</summary>
    public void Shift(long ms)
    {
        foreach ((_, PointWriter points) in parts)
        {
            points.Shift(ms);
        }

        (First, Last) = (First + ms, Last + ms);
    }

    /// <summary>Its bytes, with times relative to <paramref name="baseMs"/>. All its sensors have numbers.</summary>
    public byte[] Encode(long baseMs)
    {
        ByteBuffer buffer = new(Bytes + (12 * parts.Count));
        foreach ((SensorSeries series, PointWriter points) in parts)
        {
            buffer.Unsigned((ulong)series.Number);
            buffer.Signed(points.Start - baseMs);
            buffer.Unsigned((ulong)points.Count);
            buffer.Unsigned((ulong)points.Length);
            buffer.Append(points.Written);
        }

        return buffer.ToChecked();
    }
}
