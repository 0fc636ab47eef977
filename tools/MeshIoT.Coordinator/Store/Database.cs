using System;
using System.Globalization;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.Coordinator;

/// <summary>
/// The SQLite database: write-ahead log, <c>synchronous=FULL</c> (a commit that returned survives a power cut), one connection, one writer.
/// A damaged or newer file is refused before anything is written to it.
/// </summary>
internal sealed partial class Database : IDisposable
{
    readonly SqliteConnection connection;

    Database(SqliteConnection connection, MachinePrivateKey noiseKey) => (this.connection, NoiseKey) = (connection, noiseKey);

    /// <summary>The server's identity towards its nodes; made once, with the database.</summary>
    public MachinePrivateKey NoiseKey { get; }

    /// <summary>Opens the database, brings its shape up to date, and makes the server key if it is new.</summary>
    /// <exception cref="FaultException">It is damaged, was written by a later version, or cannot be read or written.</exception>
    public static Database Open(string path, RandomSource random)
    {
        SqliteConnectionStringBuilder options = new() { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        SqliteConnection connection = new(options.ConnectionString);
        try
        {
            connection.Open();
            CheckHealth(connection, path);
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
            Migrate(connection, path, random);
            return new Database(connection, ReadNoiseKey(connection, path));
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw AsFault(e, path).ToException(e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        connection.Dispose();
        NoiseKey.Dispose();
    }

    static void CheckHealth(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
        {
            throw Faults.StateCorrupted.With(path, "its pages do not fit together").ToException();
        }
    }

    static void Migrate(SqliteConnection connection, string path, RandomSource random)
    {
        long version = Convert.ToInt64(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > Schema.Steps.Length)
        {
            throw Faults.StateNewer.With(path, version, Schema.Steps.Length).ToException();
        }

        if (version == 0 && Convert.ToInt64(Scalar(connection, "SELECT count(*) FROM sqlite_schema"), CultureInfo.InvariantCulture) != 0)
        {
            throw Faults.StateCorrupted.With(path, "it is a database of another program").ToException();
        }

        for (; version < Schema.Steps.Length; version++)
        {
            using SqliteTransaction step = connection.BeginTransaction();
            Execute(connection, Schema.Steps[version], step);
            if (version == 0)
            {
                InsertServer(connection, step, random);
            }

            Execute(connection, $"PRAGMA user_version={version + 1}", step);
            step.Commit();
        }
    }

    static void InsertServer(SqliteConnection connection, SqliteTransaction transaction, RandomSource random)
    {
        using MachinePrivateKey key = MachinePrivateKey.Generate(random);
        using SqliteCommand insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO server (id, noise_key, next_node_id, next_address_index, next_auth_key_id) VALUES (1, $key, 1, 1, 1)";
        insert.Parameters.AddWithValue("$key", key.ExportText());
        insert.ExecuteNonQuery();
    }

    static MachinePrivateKey ReadNoiseKey(SqliteConnection connection, string path) =>
        MachinePrivateKey.TryParse(Scalar(connection, "SELECT noise_key FROM server") as string, out MachinePrivateKey? key)
            ? key
            : throw Faults.StateCorrupted.With(path, "the server key in it cannot be read").ToException();

    static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // Result codes: https://sqlite.org/rescode.html
    static FaultReport AsFault(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        11 => Faults.StateCorrupted.With(path, "its content is malformed"),
        26 => Faults.StateCorrupted.With(path, "it is not a database"),
        1 => Faults.StateCorrupted.With(path, "a table is missing or has another shape"),
        5 or 6 => Faults.StateBusy.With(path),
        3 or 8 or 14 or 23 => Faults.StateNotWritable.With(path, "no permission, or the disk is read-only"),
        13 => Faults.StateNotWritable.With(path, "the disk is full"),
        _ => Faults.StateNotWritable.With(path, $"SQLite error {e.SqliteErrorCode}"),
    };
}
