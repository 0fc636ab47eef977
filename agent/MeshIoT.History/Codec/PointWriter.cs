using System;

namespace MeshIoT.History;

/// <summary>
/// Points of one sensor as bytes, two or three a point: times as the change of their distance, values as the change in decimal steps. In the order they
/// come, whatever their times. Format: per point a signed change of distance (ms), then a number whose lowest bit says what it is: 0, the change in
/// steps (zigzag); 1, a mode, and after it the value: modes 0 to 6, so many decimals from here on and the steps; 7, eight bytes.
/// </summary>
internal sealed class PointWriter
{
    const int AsItIs = Decimals.Most + 1;

    readonly ByteBuffer buffer = new();
    long last, distance, steps;
    int decimals;

    /// <summary>How many points.</summary>
    public int Count { get; private set; }

    /// <summary>Time of the first point that came; the bytes hold all others relative to it.</summary>
    public long Start { get; private set; }

    /// <summary>The earliest time.</summary>
    public long First { get; private set; }

    /// <summary>The latest time.</summary>
    public long Last { get; private set; }

    /// <summary>Bytes so far.</summary>
    public int Length => buffer.Length;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Written => buffer.Written;

    /// <summary>Adds a point.</summary>
    /// <param name="unixMs">Its time.</param>
    /// <param name="value">Its value, a finite number.</param>
    public void Append(long unixMs, double value)
    {
        if (Count++ == 0)
        {
            Start = First = Last = last = unixMs;
        }

        buffer.Signed(unchecked(unixMs - last - distance));
        (distance, last) = (unchecked(unixMs - last), unixMs);
        (First, Last) = (Math.Min(First, unixMs), Math.Max(Last, unixMs));
        if (Decimals.TryScale(value, decimals, out long next) && Math.Abs(next - steps) < 1L << 60)
        {
            buffer.Unsigned(ByteBuffer.ZigZag(next - steps) << 1);
            steps = next;
            return;
        }

        int mode = Decimals.Of(value, decimals);
        buffer.Unsigned(((ulong)(mode < 0 ? AsItIs : mode) << 1) | 1);
        if (mode < 0)
        {
            buffer.Real(value);
            return;
        }

        Decimals.TryScale(value, mode, out steps);
        decimals = mode;
        buffer.Signed(steps);
    }

    /// <summary>All times move by so much: the clock was wrong when they came.</summary>
    public void Shift(long ms) => (Start, First, Last, last) = (Start + ms, First + ms, Last + ms, last + ms);
}
