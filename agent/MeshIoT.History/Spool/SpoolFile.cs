using System;
using System.Collections.Generic;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <summary>The spool's half on the disk: messages in order of their ids, and how far each reader has got.</summary>
internal sealed class SpoolFile : IDisposable
{
    /// <summary>What a message costs beside topic and payload: its row, its share of the pages.</summary>
    public const int Overhead = 48;

    const string Cost = "(length(CAST(topic AS BLOB)) + length(payload) + 48)";

    static readonly string[] Schema =
    [
        """
        CREATE TABLE items (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, time INTEGER NOT NULL, kept INTEGER NOT NULL) STRICT;
        CREATE TABLE readers (name TEXT PRIMARY KEY, acknowledged INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), kept INTEGER NOT NULL, wall INTEGER NOT NULL) STRICT;
        INSERT INTO clock VALUES (1, 0, 0);
        """,
    ];

    readonly SqliteConnection connection;
    readonly DiskReserve reserve;
    Dictionary<string, long> saved = new(StringComparer.Ordinal);

    SpoolFile(SqliteConnection connection, string path)
    {
        (this.connection, reserve) = (connection, new DiskReserve(path));
        reserve.TryHold();
        Measure();
    }

    /// <summary>Messages on the disk.</summary>
    public long Count { get; private set; }

    /// <summary>What they cost, bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The first message's id; 0 when there is none.</summary>
    public long FirstId { get; private set; }

    /// <summary>The last message's id; 0 when there is none.</summary>
    public long LastId { get; private set; }

    /// <summary>Opens it; see <see cref="DatabaseFile.Open"/> for what it throws.</summary>
    public static SpoolFile Open(string path, TimeProvider time, out FaultReport? aside)
    {
        SqliteConnection connection = DatabaseFile.Open(path, Schema, time, out aside);
        try
        {
            return new SpoolFile(connection, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What a message costs, bytes.</summary>
    public static long CostOf(SpoolItem item) => System.Text.Encoding.UTF8.GetByteCount(item.Topic) + item.Payload.Length + Overhead;

    /// <summary>The clock when it was stored last.</summary>
    public (long Kept, long Wall) ReadClock() =>
        (DatabaseFile.Number(connection, "SELECT kept FROM clock"), DatabaseFile.Number(connection, "SELECT wall FROM clock"));

    /// <summary>The readers and what each has acknowledged.</summary>
    public Dictionary<string, long> ReadReaders()
    {
        using SqliteCommand select = Command("SELECT name, acknowledged FROM readers");
        using SqliteDataReader row = select.ExecuteReader();
        Dictionary<string, long> readers = new(StringComparer.Ordinal);
        while (row.Read())
        {
            readers[row.GetString(0)] = row.GetInt64(1);
        }

        saved = new Dictionary<string, long>(readers, StringComparer.Ordinal);
        return readers;
    }

    /// <summary>Messages after <paramref name="after"/>, in order; at least one where there is one, and then no more than <paramref name="mostBytes"/>.</summary>
    public void Read(long after, int most, long mostBytes, List<SpooledItem> into)
    {
        if (after >= LastId)
        {
            return;
        }

        using SqliteCommand select = Command("SELECT id, topic, payload, time FROM items WHERE id > $after ORDER BY id LIMIT $most");
        select.Parameters.AddWithValue("$after", after);
        select.Parameters.AddWithValue("$most", most);
        using SqliteDataReader row = select.ExecuteReader();
        while (mostBytes > 0 && row.Read())
        {
            SpoolItem item = new(row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3));
            into.Add(new SpooledItem(row.GetInt64(0), item));
            mostBytes -= CostOf(item);
        }
    }

    /// <summary>How many messages come after <paramref name="after"/>.</summary>
    public long CountAfter(long after)
    {
        if (after < FirstId || after >= LastId)
        {
            return after >= LastId ? 0 : Count;
        }

        using SqliteCommand count = Command("SELECT count(*) FROM items WHERE id > $after");
        count.Parameters.AddWithValue("$after", after);
        return (long)count.ExecuteScalar()!;
    }

    /// <summary>The last id of the oldest messages that together cost <paramref name="bytes"/>, all of them when there are fewer.</summary>
    public long OldestWorth(long bytes)
    {
        using SqliteCommand select = Command($"SELECT id, {Cost} FROM items ORDER BY id");
        using SqliteDataReader row = select.ExecuteReader();
        long last = 0;
        while (bytes > 0 && row.Read())
        {
            last = row.GetInt64(0);
            bytes -= row.GetInt64(1);
        }

        return last;
    }

    /// <summary>The last id before the first message that was kept since <paramref name="kept"/>.</summary>
    public long LastBefore(long kept)
    {
        using SqliteCommand select = Command("SELECT id, kept FROM items ORDER BY id");
        using SqliteDataReader row = select.ExecuteReader();
        long last = 0;
        while (row.Read() && row.GetInt64(1) < kept)
        {
            last = row.GetInt64(0);
        }

        return last;
    }

    /// <summary>Makes the disk agree, in one transaction: what is done with is gone, what is new is there. Returns when it would survive a power cut.</summary>
    /// <exception cref="SqliteException">Nothing of it was stored.</exception>
    public void Write(long doneWith, IEnumerable<SpooledItem> added, IReadOnlyDictionary<string, long> readers, long keptMs, long wallMs)
    {
        (long goneCount, long goneBytes) = doneWith < FirstId || Count == 0 ? (0, 0) : Worth(doneWith);
        long newCount = 0, newBytes = 0;
        using (SqliteTransaction transaction = connection.BeginTransaction(deferred: false))
        {
            Delete(doneWith, transaction);
            using SqliteCommand insert = Command("INSERT INTO items VALUES ($id, $topic, $payload, $time, $kept)", transaction);
            insert.Parameters.AddWithValue("$kept", keptMs);
            foreach (SpooledItem item in added)
            {
                Insert(item, insert);
                newCount++;
                newBytes += CostOf(item.Item);
            }

            SaveReaders(readers, transaction);
            using SqliteCommand clock = Command("UPDATE clock SET kept = $kept, wall = $wall", transaction);
            clock.Parameters.AddWithValue("$kept", keptMs);
            clock.Parameters.AddWithValue("$wall", wallMs);
            clock.ExecuteNonQuery();
            transaction.Commit();
        }

        saved = new Dictionary<string, long>(readers, StringComparer.Ordinal);
        Count += newCount - goneCount;
        Bytes += newBytes - goneBytes;
        MeasureEnds();
    }

    /// <summary>Gives the room of messages that are gone back to the disk, where it is worth it.</summary>
    public void GiveBack()
    {
        if (Count == 0 && DatabaseFile.Number(connection, "PRAGMA freelist_count") > 256)
        {
            DatabaseFile.Execute(connection, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);");
        }
    }

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

    void Delete(long doneWith, SqliteTransaction transaction)
    {
        if (Count == 0 || doneWith < FirstId)
        {
            return;
        }

        using SqliteCommand delete = Command("DELETE FROM items WHERE id <= $id", transaction);
        delete.Parameters.AddWithValue("$id", doneWith);
        delete.ExecuteNonQuery();
    }

    static void Insert(SpooledItem item, SqliteCommand insert)
    {
        SqliteParameterCollection p = insert.Parameters;
        Set(p, "$id", item.Id);
        Set(p, "$topic", item.Item.Topic);
        Set(p, "$payload", item.Item.Payload.ToArray());
        Set(p, "$time", item.Item.UnixMs);
        insert.ExecuteNonQuery();
    }

    static void Set(SqliteParameterCollection parameters, string name, object value)
    {
        if (parameters.Contains(name))
        {
            parameters[name].Value = value;
        }
        else
        {
            parameters.AddWithValue(name, value);
        }
    }

    void SaveReaders(IReadOnlyDictionary<string, long> readers, SqliteTransaction transaction)
    {
        if (IsSaved(readers))
        {
            return;
        }

        using SqliteCommand clear = Command("DELETE FROM readers", transaction);
        clear.ExecuteNonQuery();
        using SqliteCommand insert = Command("INSERT INTO readers VALUES ($name, $acknowledged)", transaction);
        SqliteParameter name = insert.Parameters.Add("$name", SqliteType.Text);
        SqliteParameter acknowledged = insert.Parameters.Add("$acknowledged", SqliteType.Integer);
        foreach (KeyValuePair<string, long> reader in readers)
        {
            name.Value = reader.Key;
            acknowledged.Value = reader.Value;
            insert.ExecuteNonQuery();
        }
    }

    bool IsSaved(IReadOnlyDictionary<string, long> readers)
    {
        bool same = readers.Count == saved.Count;
        foreach (KeyValuePair<string, long> reader in readers)
        {
            same = same && saved.TryGetValue(reader.Key, out long acknowledged) && acknowledged == reader.Value;
        }

        return same;
    }

    (long Count, long Bytes) Worth(long upToId)
    {
        using SqliteCommand select = Command($"SELECT count(*), sum({Cost}) FROM items WHERE id <= $id");
        select.Parameters.AddWithValue("$id", upToId);
        using SqliteDataReader row = select.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.IsDBNull(1) ? 0 : row.GetInt64(1));
    }

    void Measure()
    {
        Count = DatabaseFile.Number(connection, "SELECT count(*) FROM items");
        Bytes = DatabaseFile.Number(connection, $"SELECT sum({Cost}) FROM items");
        MeasureEnds();
    }

    void MeasureEnds()
    {
        FirstId = DatabaseFile.Number(connection, "SELECT min(id) FROM items");
        LastId = DatabaseFile.Number(connection, "SELECT max(id) FROM items");
    }

    SqliteCommand Command(string sql, SqliteTransaction? transaction = null)
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }
}
