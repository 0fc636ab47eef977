using System;
using System.Collections.Generic;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <content>Sorting batches into chunks.</content>
internal sealed partial class HistoryFile
{
    /// <summary>A chunk of measured values that is larger is not added to; another begins.</summary>
    const int Full = 8192;

    /// <summary>
    /// Sorts batches by sensor and rolls them up; what was in batches is in chunks then, both in one transaction. Where several sorts fall into one hour or
    /// day, the last chunk is written again with the new values in it, so that small ones do not pile up.
    /// </summary>
    public void Sort(HistoryOptions options, DayStarts days, long keptMs)
    {
        List<(long Id, long Base, byte[] Data)> oldest = ReadOldest(2 * options.SortBytes);
        if (oldest.Count == 0)
        {
            return;
        }

        SortedSet<long> sensors = [];
        foreach ((_, long baseMs, byte[] data) in oldest)
        {
            BatchReader reader = new(data, baseMs);
            Damaged += reader.IsDamaged ? 1 : 0;
            while (reader.Next())
            {
                sensors.Add(reader.Number);
            }
        }

        using (SqliteTransaction transaction = connection.BeginTransaction(deferred: false))
        {
            List<(long UnixMs, double Value)> points = [];
            foreach (long sensor in sensors)
            {
                points.Clear();
                Collect(oldest, sensor, points);
                Store(transaction, sensor, points, options, days, keptMs);
            }

            Run(transaction, "DELETE FROM batches WHERE id <= $0", oldest[^1].Id);
            transaction.Commit();
        }

        MeasureBatches();
    }

    List<(long Id, long Base, byte[] Data)> ReadOldest(int most)
    {
        using SqliteCommand select = Command("SELECT id, base, data FROM batches ORDER BY id");
        using SqliteDataReader row = select.ExecuteReader();
        List<(long, long, byte[])> oldest = [];
        while (most > 0 && row.Read())
        {
            byte[] data = row.GetFieldValue<byte[]>(2);
            oldest.Add((row.GetInt64(0), row.GetInt64(1), data));
            most -= data.Length;
        }

        return oldest;
    }

    static void Collect(List<(long Id, long Base, byte[] Data)> batches, long sensor, List<(long UnixMs, double Value)> points)
    {
        bool isSorted = true;
        foreach ((_, long baseMs, byte[] data) in batches)
        {
            BatchReader reader = new(data, baseMs);
            while (reader.Next())
            {
                PointReader part = reader.Points;
                while (reader.Number == sensor && part.Next())
                {
                    isSorted &= points.Count == 0 || points[^1].UnixMs <= part.UnixMs;
                    points.Add((part.UnixMs, part.Value));
                }
            }
        }

        if (!isSorted)
        {
            TimeOrder.Sort(points);
        }
    }

    void Store(SqliteTransaction transaction, long sensor, List<(long UnixMs, double Value)> points, HistoryOptions options, DayStarts days, long keptMs)
    {
        if (points.Count == 0)
        {
            return;
        }

        StorePoints(transaction, sensor, points, options, keptMs);
        foreach (Resolution resolution in Lengths.Stored)
        {
            StoreBuckets(transaction, sensor, resolution, Lengths.RollUp(points, resolution, days), options, days, keptMs);
        }
    }

    void StorePoints(SqliteTransaction transaction, long sensor, List<(long UnixMs, double Value)> points, HistoryOptions options, long keptMs)
    {
        PointWriter writer = new();
        if (LastChunk(transaction, sensor, Resolution.Raw, options) is { } last && last.Last <= points[0].UnixMs && ByteBuffer.TryCheck(last.Data, out ReadOnlySpan<byte> content))
        {
            PointReader before = new(content, last.First);
            while (before.Next())
            {
                writer.Append(before.UnixMs, before.Value);
            }

            Run(transaction, "DELETE FROM chunks WHERE id = $0", last.Id);
        }

        foreach ((long time, double value) in points)
        {
            if (writer.Length >= Full)
            {
                Insert(writer);
                writer = new();
            }

            writer.Append(time, value);
        }

        Insert(writer);

        void Insert(PointWriter done)
        {
            ByteBuffer buffer = new(done.Length);
            buffer.Append(done.Written);
            InsertChunk(transaction, sensor, Resolution.Raw, done.First, done.Last, done.Count, keptMs, buffer.ToChecked());
        }
    }

    void StoreBuckets(SqliteTransaction transaction, long sensor, Resolution resolution, List<Bucket> buckets, HistoryOptions options, DayStarts days, long keptMs)
    {
        List<Bucket> before = [];
        if (LastChunk(transaction, sensor, resolution, options) is { } last && last.First <= buckets[0].Start && BucketCodec.TryDecode(last.Data, before))
        {
            Run(transaction, "DELETE FROM chunks WHERE id = $0", last.Id);
            Gathering all = resolution == Resolution.Day ? Gathering.Days(days, 1) : Gathering.Spans(Lengths.Of(resolution));
            before.ForEach(b => all.Add(b));
            buckets.ForEach(b => all.Add(b));
            buckets = all.Sorted();
        }

        InsertChunk(transaction, sensor, resolution, buckets[0].Start, buckets[^1].Start, buckets.Count, keptMs, BucketCodec.Encode(buckets));
    }

    /// <summary>The chunk that ends the series, where it can be added to: it is small, and its first values are not much older than its last, so that age drops neither late nor early.</summary>
    (long Id, long First, long Last, byte[] Data)? LastChunk(SqliteTransaction transaction, long sensor, Resolution resolution, HistoryOptions options)
    {
        using SqliteCommand select = Command(
            $"SELECT id, first, last, data FROM chunks WHERE sensor = $sensor AND resolution = {(int)resolution} ORDER BY first DESC LIMIT 1", transaction);
        select.Parameters.AddWithValue("$sensor", sensor);
        using SqliteDataReader row = select.ExecuteReader();
        if (!row.Read() || row.GetFieldValue<byte[]>(3) is not { Length: < Full / 2 } data)
        {
            return null;
        }

        (long id, long first, long last) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        return last - first <= (long)options.Keep(resolution).TotalMilliseconds / 8 ? (id, first, last, data) : null;
    }

    void InsertChunk(SqliteTransaction transaction, long sensor, Resolution resolution, long first, long last, long count, long keptMs, byte[] data) =>
        Run(transaction, "INSERT INTO chunks (sensor, resolution, first, last, count, kept, size, data) VALUES ($0, $1, $2, $3, $4, $5, $6, $7)",
            sensor, (long)resolution, first, last, count, keptMs, (long)(data.Length + Overhead), data);
}
