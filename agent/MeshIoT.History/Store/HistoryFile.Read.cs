using System;
using System.Collections.Generic;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <content>Reading.</content>
internal sealed partial class HistoryFile
{
    readonly WeakReference<List<(long Base, byte[] Data, long First, long Last)>> batches = new(null!);

    /// <summary>Chunks and batches whose checksum was wrong when they were read; they are left out.</summary>
    public long Damaged { get; private set; }

    /// <summary>Measured values of a sensor from a time until before another, in any order; sorted ones and those in batches.</summary>
    public void ReadPoints(long sensor, long from, long to, Action<long, double> take)
    {
        using (SqliteCommand select = Chunks(sensor, Resolution.Raw, from, to, "first, data"))
        using (SqliteDataReader row = select.ExecuteReader())
        {
            while (row.Read())
            {
                if (!ByteBuffer.TryCheck(row.GetFieldValue<byte[]>(1), out ReadOnlySpan<byte> content))
                {
                    Damaged++;
                    continue;
                }

                Take(new PointReader(content, row.GetInt64(0)), from, to, take);
            }
        }

        ReadBatches(sensor, from, to, take);
    }

    /// <summary>Measured values that are not sorted yet.</summary>
    public void ReadBatches(long sensor, long from, long to, Action<long, double> take)
    {
        foreach ((long baseMs, byte[] data, long first, long last) in Batches())
        {
            if (last < from || first >= to)
            {
                continue;
            }

            BatchReader batch = new(data, baseMs, isChecked: true);
            while (batch.Next())
            {
                if (batch.Number == sensor)
                {
                    Take(batch.Points, from, to, take);
                }
            }
        }
    }

    /// <summary>All batches that are whole. Read once for as long as memory is not short: a page asks for many sensors in a row.</summary>
    List<(long Base, byte[] Data, long First, long Last)> Batches()
    {
        if (batches.TryGetTarget(out List<(long, byte[], long, long)>? all))
        {
            return all;
        }

        all = [];
        using SqliteCommand select = Command("SELECT base, data, first, last FROM batches ORDER BY id");
        using SqliteDataReader row = select.ExecuteReader();
        while (row.Read())
        {
            byte[] data = row.GetFieldValue<byte[]>(1);
            if (ByteBuffer.TryCheck(data, out _))
            {
                all.Add((row.GetInt64(0), data, row.GetInt64(2), row.GetInt64(3)));
            }
            else
            {
                Damaged++;
            }
        }

        batches.SetTarget(all);
        return all;
    }

    /// <summary>Rolled-up values whose spans begin from a time until before another, in any order; one span may come in parts.</summary>
    public void ReadBuckets(long sensor, Resolution resolution, long from, long to, Action<Bucket> take)
    {
        using SqliteCommand select = Chunks(sensor, resolution, from, to, "data");
        using SqliteDataReader row = select.ExecuteReader();
        List<Bucket> buckets = [];
        while (row.Read())
        {
            buckets.Clear();
            Damaged += BucketCodec.TryDecode(row.GetFieldValue<byte[]>(0), buckets) ? 0 : 1;
            foreach (Bucket bucket in buckets)
            {
                if (bucket.Start >= from && bucket.Start < to)
                {
                    take(bucket);
                }
            }
        }
    }

    /// <summary>How many values or spans a sensor has of a resolution, sorted ones, about; and the time from the first to the last.</summary>
    public Extent Extent(long sensor, Resolution resolution, long from, long to)
    {
        using SqliteCommand select = Chunks(sensor, resolution, from, to, "sum(count), min(first), max(last)");
        using SqliteDataReader row = select.ExecuteReader();
        return row.Read() && !row.IsDBNull(0) ? new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)) : History.Extent.None;
    }

    SqliteCommand Chunks(long sensor, Resolution resolution, long from, long to, string columns)
    {
        SqliteCommand select = Command($"SELECT {columns} FROM chunks WHERE sensor = $sensor AND resolution = {(int)resolution} AND first < $to AND last >= $from");
        select.Parameters.AddWithValue("$sensor", sensor);
        select.Parameters.AddWithValue("$from", from);
        select.Parameters.AddWithValue("$to", to);
        return select;
    }

    static void Take(PointReader points, long from, long to, Action<long, double> take)
    {
        while (points.Next())
        {
            if (points.UnixMs >= from && points.UnixMs < to)
            {
                take(points.UnixMs, points.Value);
            }
        }
    }
}
