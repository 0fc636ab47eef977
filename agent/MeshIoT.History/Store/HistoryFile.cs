using System;
using System.Collections.Generic;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <summary>
/// The history's half on the disk. Batches are appended as they come, all sensors in one row: a few pages each. From time to time they are sorted into
/// chunks, a sensor's points together, and rolled up: that is what long ranges read.
/// </summary>
internal sealed partial class HistoryFile : IDisposable
{
    /// <summary>What a chunk costs beside its bytes: its row, its entries in the indexes.</summary>
    public const int Overhead = 80;

    static readonly string[] Schema =
    [
        """
        CREATE TABLE sensors (number INTEGER PRIMARY KEY, id TEXT NOT NULL, unit TEXT NOT NULL, used INTEGER NOT NULL, UNIQUE (id, unit)) STRICT;
        CREATE TABLE batches (id INTEGER PRIMARY KEY, base INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, kept INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
        CREATE TABLE chunks (
            id INTEGER PRIMARY KEY,
            sensor INTEGER NOT NULL,
            resolution INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            kept INTEGER NOT NULL,
            size INTEGER NOT NULL,
            data BLOB NOT NULL
        ) STRICT;
        CREATE INDEX chunks_by_time ON chunks (sensor, resolution, first, last, count);
        CREATE INDEX chunks_by_age ON chunks (resolution, kept, size);
        CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), kept INTEGER NOT NULL, wall INTEGER NOT NULL) STRICT;
        INSERT INTO clock VALUES (1, 0, 0);
        """,
    ];

    readonly SqliteConnection connection;
    readonly DiskReserve reserve;
    long lastNumber, lastBatch;

    HistoryFile(SqliteConnection connection, string path)
    {
        (this.connection, reserve) = (connection, new DiskReserve(path));
        reserve.TryHold();
        lastNumber = DatabaseFile.Number(connection, "SELECT max(number) FROM sensors");
        lastBatch = DatabaseFile.Number(connection, "SELECT max(id) FROM batches");
        MeasureBatches();
    }

    /// <summary>Bytes of batches that are not sorted yet.</summary>
    public long BatchBytes { get; private set; }

    /// <summary>When the first of them was written, on the <see cref="KeptClock"/>; <see cref="long.MaxValue"/>: there is none.</summary>
    public long BatchesSince { get; private set; }

    /// <summary>The last batch's id.</summary>
    public long LastBatch => lastBatch;

    /// <summary>Opens it; see <see cref="DatabaseFile.Open"/> for what it throws.</summary>
    public static HistoryFile Open(string path, TimeProvider time, out FaultReport? aside)
    {
        SqliteConnection connection = DatabaseFile.Open(path, Schema, time, out aside);
        try
        {
            return new HistoryFile(connection, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The clock when it was stored last.</summary>
    public (long Kept, long Wall) ReadClock() =>
        (DatabaseFile.Number(connection, "SELECT kept FROM clock"), DatabaseFile.Number(connection, "SELECT wall FROM clock"));

    /// <summary>All sensors there ever were.</summary>
    public List<SensorSeries> ReadSensors()
    {
        using SqliteCommand select = Command("SELECT number, id, unit, used FROM sensors");
        using SqliteDataReader row = select.ExecuteReader();
        List<SensorSeries> all = [];
        while (row.Read())
        {
            all.Add(new SensorSeries(row.GetString(1), row.GetString(2)) { Number = row.GetInt64(0), Used = row.GetInt64(3) });
        }

        return all;
    }

    /// <summary>Appends batches, in one transaction. Returns when they would survive a power cut.</summary>
    /// <exception cref="SqliteException">Nothing of it was stored.</exception>
    public void Append(IReadOnlyList<Batch> added, long keptMs, long wallMs)
    {
        List<SensorSeries> made = [];
        long number = lastNumber, id = lastBatch, bytes = 0;
        try
        {
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            foreach (Batch batch in added)
            {
                foreach ((SensorSeries series, _) in batch.Parts)
                {
                    if (series.Number == 0)
                    {
                        series.Number = ++number;
                        made.Add(series);
                        Run(transaction, "INSERT INTO sensors VALUES ($0, $1, $2, $3)", series.Number, series.Id, series.Unit, series.Used);
                    }
                }

                byte[] data = batch.Encode(batch.First);
                bytes += data.Length;
                Run(transaction, "INSERT INTO batches VALUES ($0, $1, $2, $3, $4, $5)", ++id, batch.First, batch.First, batch.Last, keptMs, data);
            }

            Run(transaction, "UPDATE clock SET kept = $0, wall = $1", keptMs, wallMs);
            transaction.Commit();
        }
        catch
        {
            made.ForEach(static series => series.Number = 0);
            throw;
        }

        (lastNumber, lastBatch) = (number, id);
        batches.SetTarget(null!);
        BatchBytes += bytes;
        BatchesSince = Math.Min(BatchesSince, keptMs);
    }

    /// <summary>Says which unit of a sensor is the one in use.</summary>
    public void Use(SensorSeries series) => Run(null, "UPDATE sensors SET used = $1 WHERE number = $0", series.Number, series.Used);

    /// <summary>Moves the times of batches that were written while the clock was wrong.</summary>
    public void Shift(long firstBatch, long ms)
    {
        batches.SetTarget(null!);
        Run(null, "UPDATE batches SET base = base + $1, first = first + $1, last = last + $1 WHERE id >= $0", firstBatch, ms);
    }

    /// <summary>Makes room for about so many bytes: the oldest measured values go, then the oldest minutes, and so on.</summary>
    public void Drop(long bytes)
    {
        foreach (Resolution resolution in (ReadOnlySpan<Resolution>)[Resolution.Raw, .. Lengths.Stored])
        {
            bytes -= DropOldest(resolution, bytes);
        }

        if (bytes > 0)
        {
            Run(null, "DELETE FROM batches WHERE id IN (SELECT id FROM batches ORDER BY id LIMIT 4)");
            MeasureBatches();
        }
    }

    /// <summary>Keeps to the limits of age and bytes.</summary>
    public void Retain(HistoryOptions options, long keptMs)
    {
        foreach (Resolution resolution in (ReadOnlySpan<Resolution>)[Resolution.Raw, .. Lengths.Stored])
        {
            Run(null, "DELETE FROM chunks WHERE resolution = $0 AND kept < $1", (long)resolution, keptMs - (long)options.Keep(resolution).TotalMilliseconds);
            long over = BytesOf(resolution) - options.Share(resolution);
            if (over > 0)
            {
                DropOldest(resolution, over + (options.Share(resolution) / 20));
            }
        }

        if (DatabaseFile.Number(connection, "PRAGMA page_count") * 4096 > options.MaxBytes / 4 * 5 && DatabaseFile.Number(connection, "PRAGMA freelist_count") > 256)
        {
            DatabaseFile.Execute(connection, "PRAGMA incremental_vacuum");
        }
    }

    /// <summary>Bytes of a resolution's chunks.</summary>
    public long BytesOf(Resolution resolution) => DatabaseFile.Number(connection, $"SELECT sum(size) FROM chunks WHERE resolution = {(int)resolution}");

    /// <summary>The disk is full: what was held in reserve is used, and the file grows no more.</summary>
    public void MeetFullDisk() => reserve.Spend(connection);

    /// <summary>Whether the disk has room again; then the file may grow.</summary>
    public bool TryRecover() => reserve.TryRecover(connection);

    /// <summary>Makes the log's room free for what comes next.</summary>
    public void TryCheckpoint() => DatabaseFile.TryCheckpoint(connection);

    /// <summary>For tests: as if the disk ended here.</summary>
    internal void Limit(long pages) => DatabaseFile.Execute(connection, $"PRAGMA max_page_count={pages}");

    /// <summary>Pages of the file.</summary>
    internal long Pages => DatabaseFile.Number(connection, "PRAGMA page_count");

    public void Dispose() => connection.Dispose();

    long DropOldest(Resolution resolution, long bytes)
    {
        long found = 0, kept = long.MinValue;
        using (SqliteCommand select = Command($"SELECT kept, size FROM chunks WHERE resolution = {(int)resolution} ORDER BY kept"))
        using (SqliteDataReader row = select.ExecuteReader())
        {
            while (found < bytes && row.Read())
            {
                (kept, found) = (row.GetInt64(0), found + row.GetInt64(1));
            }
        }

        if (found > 0)
        {
            Run(null, "DELETE FROM chunks WHERE resolution = $0 AND kept <= $1", (long)resolution, kept);
        }

        return found;
    }

    void MeasureBatches()
    {
        batches.SetTarget(null!);
        BatchBytes = DatabaseFile.Number(connection, "SELECT sum(length(data)) FROM batches");
        BatchesSince = DatabaseFile.Scalar(connection, "SELECT min(kept) FROM batches") is long since ? since : long.MaxValue;
    }

    void Run(SqliteTransaction? transaction, string sql, params ReadOnlySpan<object> values)
    {
        using SqliteCommand command = Command(sql, transaction);
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + i.ToString(System.Globalization.CultureInfo.InvariantCulture), values[i]);
        }

        command.ExecuteNonQuery();
    }

    SqliteCommand Command(string sql, SqliteTransaction? transaction = null)
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }
}
