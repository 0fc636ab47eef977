using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Xunit;

namespace MeshIoT.History.Tests;

public sealed class CodecTests
{
    static readonly double[] Odd = [0.0, -0.0, double.MaxValue, double.Epsilon, 1e300, 0.1, 4503599627370497.0, -1e15];

    static readonly Gen<double> Values = Gen.OneOf(
        Gen.Int[-50_000, 50_000].Select(n => n / 100.0),
        Gen.Int[0, 3].Select(n => (double)n),
        Gen.Double[-1e6, 1e6].Select(d => Math.Round(d, 6)),
        Gen.Double.Where(double.IsFinite),
        Gen.Int[0, 7].Select(i => Odd[i]));

    static readonly Gen<long> Times = Gen.OneOf(Gen.Long[0, 4_000_000_000_000], Gen.Long[1_790_000_000_000, 1_790_000_100_000], Gen.Int[0, 2].Select(i => new[] { 0L, -1L, long.MaxValue / 4 }[i]));

    [Fact]
    public void Points_come_back_as_they_were_bit_for_bit() => Gen.Select(Times, Values).Array[0, 50].Sample(static points =>
    {
        PointWriter writer = new();
        foreach ((long time, double value) in points)
        {
            writer.Append(time, value);
        }

        List<(long, double)> back = [];
        PointReader reader = new(writer.Written, writer.Start);
        while (reader.Next())
        {
            back.Add((reader.UnixMs, reader.Value));
        }

        Assert.Equal(points.Length, writer.Count);
        Assert.Equal(points.Select(p => (p.Item1, BitConverter.DoubleToInt64Bits(p.Item2))), back.Select(p => (p.Item1, BitConverter.DoubleToInt64Bits(p.Item2))));
        if (points.Length > 0)
        {
            Assert.Equal((points.Min(p => p.Item1), points.Max(p => p.Item1)), (writer.First, writer.Last));
        }
    });

    [Fact]
    public void A_steady_sensor_takes_three_bytes_a_value_at_most()
    {
        Random random = new(1);
        PointWriter writer = new();
        double value = 21;
        for (int i = 0; i < 8640; i++)
        {
            value += (random.NextDouble() - 0.5) * 0.2;
            writer.Append(1_790_000_000_000 + (i * 10_000L) + random.Next(4), Math.Round(value, 2));
        }

        Assert.InRange(writer.Length, 1, 3 * 8640);
    }

    [Fact]
    public void Buckets_come_back_as_they_were() => Gen.Select(Gen.Int[0, 100_000], Values, Values, Gen.Int[1, 1000]).Array[1, 40].Sample(static rows =>
    {
        List<Bucket> buckets = [.. rows.OrderBy(r => r.Item1).Select(r =>
            new Bucket(r.Item1 * 60_000L, Math.Min(r.Item2, r.Item3), Math.Max(r.Item2, r.Item3), Math.Clamp(r.Item2 * r.Item4, -1e300, 1e300), r.Item4))];
        if (buckets.Exists(b => !double.IsFinite(b.Sum + b.Min + b.Max)))
        {
            return;
        }

        List<Bucket> back = [];
        Assert.True(BucketCodec.TryDecode(BucketCodec.Encode(buckets), back));
        Assert.Equal(buckets.Count, back.Count);
        foreach ((Bucket was, Bucket @is) in buckets.Zip(back))
        {
            Assert.Equal(was with { Sum = 0 }, @is with { Sum = 0 });
            Assert.Equal(was.Sum, @is.Sum, 1e-9 * Math.Max(1e-3, Math.Abs(was.Sum)));
        }
    });

    [Fact]
    public void Bytes_that_were_changed_are_seen_and_bytes_that_are_anything_throw_nothing() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 1599], Gen.Long).Sample(static (data, bit, start) =>
    {
        PointReader points = new(data, start);
        int count = 0;
        while (points.Next())
        {
            Assert.True(++count <= data.Length);
        }

        BatchReader batch = new(data, start);
        while (batch.Next())
        {
        }

        Assert.False(BucketCodec.TryDecode(data, []));
        byte[] good = BucketCodec.Encode([new Bucket(0, 1, 2, 3, 2), new Bucket(60_000, 1.5, 2.25, 7, 4)]);
        good[bit / 8 % good.Length] ^= (byte)(1 << (bit % 8));
        Assert.False(BucketCodec.TryDecode(good, []));
    });
}
