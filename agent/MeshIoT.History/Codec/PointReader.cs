using System;

namespace MeshIoT.History;

/// <summary>Reads what <see cref="PointWriter"/> wrote; stops at the first thing that cannot be.</summary>
internal ref struct PointReader(ReadOnlySpan<byte> data, long start)
{
    ByteReader reader = new(data);
    long time = start, distance, steps;
    int decimals;

    /// <summary>Time of the point.</summary>
    public readonly long UnixMs => time;

    /// <summary>Its value.</summary>
    public double Value { get; private set; }

    /// <summary>Goes to the next point; false at the end, or where the bytes make no sense.</summary>
    public bool Next()
    {
        if (reader.IsAtEnd)
        {
            return false;
        }

        distance = unchecked(distance + reader.Signed());
        time = unchecked(time + distance);
        ulong code = reader.Unsigned();
        if ((code & 1) == 0)
        {
            steps += (long)(code >> 2) ^ -(long)((code >> 1) & 1);
            Value = Decimals.Value(steps, decimals);
        }
        else if (code >> 1 <= Decimals.Most)
        {
            (decimals, steps) = ((int)(code >> 1), reader.Signed());
            Value = Decimals.Value(steps, decimals);
        }
        else
        {
            Value = reader.Real();
        }

        return !reader.IsBroken && double.IsFinite(Value);
    }
}
