using System;
using System.Collections.Generic;

namespace MeshIoT.History;

/// <summary>
/// Rolled-up values as bytes, five or six a bucket. Format: the decimals of all values (7: eight bytes each); then per bucket the change of distance of
/// the starts (ms/1000, signed), the change of the count, the smallest value's change in steps, the largest's distance from it, and how far the sum lies
/// above count × smallest.
/// </summary>
internal static class BucketCodec
{
    const int AsItIs = Decimals.Most + 1;

    /// <summary>The bytes of buckets; their starts are whole seconds.</summary>
    public static byte[] Encode(IReadOnlyList<Bucket> buckets)
    {
        ByteBuffer buffer = new(16 + (8 * buckets.Count));
        int decimals = DecimalsOf(buckets);
        buffer.Unsigned((ulong)decimals);
        long last = 0, distance = 0, count = 0, steps = 0;
        foreach (Bucket bucket in buckets)
        {
            long second = bucket.Start / 1000;
            buffer.Signed(second - last - distance);
            (distance, last) = (second - last, second);
            buffer.Signed(bucket.Count - count);
            count = bucket.Count;
            if (decimals == AsItIs)
            {
                buffer.Real(bucket.Min);
                buffer.Real(bucket.Max);
                buffer.Real(bucket.Sum);
                continue;
            }

            Decimals.TryScale(bucket.Min, decimals, out long min);
            Decimals.TryScale(bucket.Max, decimals, out long max);
            Decimals.TryScaleSum(bucket.Sum, decimals, out long sum);
            buffer.Signed(min - steps);
            buffer.Signed(max - min);
            buffer.Signed(unchecked(sum - (count * min)));
            steps = min;
        }

        return buffer.ToChecked();
    }

    /// <summary>Adds the buckets of these bytes; false when they are damaged, and then there are none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, List<Bucket> into)
    {
        if (!ByteBuffer.TryCheck(data, out ReadOnlySpan<byte> content))
        {
            return false;
        }

        ByteReader reader = new(content);
        int before = into.Count;
        ulong decimals = reader.Unsigned();
        long second = 0, distance = 0, count = 0, min = 0;
        while (decimals <= AsItIs && !reader.IsAtEnd)
        {
            distance = unchecked(distance + reader.Signed());
            second = unchecked(second + distance);
            count = unchecked(count + reader.Signed());
            Bucket bucket;
            if (decimals == AsItIs)
            {
                bucket = new(unchecked(second * 1000), reader.Real(), reader.Real(), reader.Real(), count);
            }
            else
            {
                min = unchecked(min + reader.Signed());
                long max = unchecked(min + reader.Signed()), sum = unchecked(reader.Signed() + (count * min));
                int d = (int)decimals;
                bucket = new(unchecked(second * 1000), Decimals.Value(min, d), Decimals.Value(max, d), Decimals.Value(sum, d), count);
            }

            if (reader.IsBroken || count < 1 || !double.IsFinite(bucket.Sum + bucket.Min + bucket.Max))
            {
                into.RemoveRange(before, into.Count - before);
                return false;
            }

            into.Add(bucket);
        }

        return decimals <= AsItIs;
    }

    static int DecimalsOf(IReadOnlyList<Bucket> buckets)
    {
        int decimals = 0;
        foreach (Bucket bucket in buckets)
        {
            int min = Decimals.Of(bucket.Min, decimals), max = Decimals.Of(bucket.Max, decimals);
            if (min < 0 || max < 0)
            {
                return AsItIs;
            }

            decimals = Math.Max(decimals, Math.Max(min, max));
        }

        foreach (Bucket bucket in buckets)
        {
            // What was exact with fewer decimals may not be with more, where the number is large.
            if (!Decimals.TryScale(bucket.Min, decimals, out _) || !Decimals.TryScale(bucket.Max, decimals, out _) || !Decimals.TryScaleSum(bucket.Sum, decimals, out _))
            {
                return AsItIs;
            }
        }

        return decimals;
    }
}
