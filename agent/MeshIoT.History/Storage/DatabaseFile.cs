using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <summary>
/// One SQLite file of this program alone: write-ahead log, <c>synchronous=FULL</c> (a commit that returned survives a power cut), mode 0600. A file
/// that does not read as one of ours is put aside under another name, never overwritten.
/// </summary>
internal static class DatabaseFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Larger files are not looked through page by page at the start: their content has checksums, and SQLite sees what it cannot read.</summary>
    const long LargestChecked = 64L << 20;

    // The lock is held for good: no other process, and so no shared-memory file that would be written too.
    const string Pragmas =
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        + "PRAGMA cache_size=-256; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=128; PRAGMA journal_size_limit=1048576;";

    /// <summary>Opens the file, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">Its shape as a list of steps; <c>PRAGMA user_version</c> says how many have been taken.</param>
    /// <param name="time">Stamps the name of a file that is put aside.</param>
    /// <param name="aside">What was put aside, and why; null when nothing was.</param>
    /// <exception cref="SqliteException">It cannot be opened or written.</exception>
    /// <exception cref="IOException">It cannot be made or moved.</exception>
    /// <exception cref="UnauthorizedAccessException">No right to it.</exception>
    public static SqliteConnection Open(string path, IReadOnlyList<string> schema, TimeProvider time, out FaultReport? aside)
    {
        aside = null;
        Create(path);
        try
        {
            return OpenSound(path, schema);
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            aside = PutAside(path, Why(e), time);
        }
        catch (InvalidDataException e)
        {
            aside = PutAside(path, e.Message, time);
        }

        Create(path);
        return OpenSound(path, schema);
    }

    /// <summary>Renames a file that is not usable, with its log.</summary>
    public static FaultReport PutAside(string path, string why, TimeProvider time)
    {
        string stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string target = $"{path}.damaged-{stamp}";
        for (int i = 2; File.Exists(target); i++)
        {
            target = $"{path}.damaged-{stamp}-{i.ToString(CultureInfo.InvariantCulture)}";
        }

        // The log first: beside a file that is new it would be taken for that file's.
        foreach (string tail in (ReadOnlySpan<string>)["-wal", "-shm", "-journal", ""])
        {
            if (File.Exists(path + tail))
            {
                File.Move(path + tail, target + tail, overwrite: false);
            }
        }

        return Faults.StorageSetAside.With(path, why, target);
    }

    /// <summary>True when the content is at fault, and not the disk or its rights.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is 11 or 26;

    /// <summary>True when there is no room for more.</summary>
    public static bool IsFull(SqliteException e) => e.SqliteErrorCode == 13;

    /// <summary>What is wrong, in words. Result codes: https://sqlite.org/rescode.html</summary>
    public static string Why(Exception e) => e switch
    {
        SqliteException { SqliteErrorCode: 11 } => "its pages do not fit together",
        SqliteException { SqliteErrorCode: 26 } => "it is not a database",
        SqliteException { SqliteErrorCode: 5 or 6 } => "another program has it",
        SqliteException { SqliteErrorCode: 3 or 8 or 14 or 23 } or UnauthorizedAccessException => "no permission, or the disk is read-only",
        SqliteException { SqliteErrorCode: 13 } => "the disk is full",
        SqliteException { SqliteErrorCode: 10 } => "the disk reports an error",
        SqliteException s => $"SQLite error {s.SqliteErrorCode}",
        DirectoryNotFoundException => "its directory is missing",
        _ => "the system refused it",
    };

    /// <summary>The first column of the first row; null when there is none.</summary>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>A number that must be there; NULL counts as 0.</summary>
    public static long Number(SqliteConnection connection, string sql) => Scalar(connection, sql) is long n ? n : 0;

    /// <summary>Runs a statement or several.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Moves what the log holds into the file where that can be, so that the log's room is used again.</summary>
    public static void TryCheckpoint(SqliteConnection connection)
    {
        try
        {
            Execute(connection, "PRAGMA wal_checkpoint(PASSIVE);");
        }
        catch (SqliteException)
        {
            // No room for that either: what comes next says so.
        }
    }

    static SqliteConnection OpenSound(string path, IReadOnlyList<string> schema)
    {
        // A log that is still there: it was not closed, and what the disk was doing then is not known.
        bool isSuspect = File.Exists(path + "-wal") && new FileInfo(path).Length <= LargestChecked;
        SqliteConnectionStringBuilder options = new() { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 2 };
        SqliteConnection connection = new(options.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, Pragmas);
            if (isSuspect && Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
            {
                throw new InvalidDataException("its pages do not fit together");
            }

            Migrate(connection, schema);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void Migrate(SqliteConnection connection, IReadOnlyList<string> schema)
    {
        long version = Number(connection, "PRAGMA user_version");
        if (version < 0 || version > schema.Count)
        {
            throw new InvalidDataException("a later version of this program wrote it");
        }

        if (version == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") != 0)
        {
            throw new InvalidDataException("it is a database of another program");
        }

        for (; version < schema.Count; version++)
        {
            Execute(connection, $"BEGIN IMMEDIATE; {schema[(int)version]} PRAGMA user_version={version + 1}; COMMIT;");
        }
    }

    static void Create(string path)
    {
        if (!File.Exists(path))
        {
            using FileStream made = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        }
    }
}
