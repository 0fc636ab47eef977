using System;
using System.IO;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <summary>
/// Room on the disk that is held ready for the moment when there is none left: deleting the oldest takes some, for the log and for what waits in it. It is
/// a file beside the database. While the disk is full the database may not grow; it ends when the room can be held again.
/// </summary>
internal sealed class DiskReserve(string databasePath)
{
    /// <summary>The log as large as it gets by itself (128 pages of 4 KiB), and a transaction.</summary>
    const int Bytes = 768 << 10;

    /// <summary>SQLite's own limit, https://sqlite.org/limits.html.</summary>
    const long NoLimit = 4_294_967_294;

    readonly string path = databasePath + ".reserve";

    /// <summary>Holds the room, if it is not held yet; false when there is none.</summary>
    public bool TryHold()
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: Bytes })
            {
                return true;
            }

            using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            byte[] block = new byte[64 << 10];
            for (int written = 0; written < Bytes; written += block.Length)
            {
                file.Write(block);
            }

            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            GiveUp();
            return false;
        }
    }

    /// <summary>The disk is full: the room is there for the log now, and the file stays as large as it is.</summary>
    public void Spend(SqliteConnection connection)
    {
        GiveUp();
        DatabaseFile.TryCheckpoint(connection);
        DatabaseFile.Execute(connection, $"PRAGMA max_page_count={DatabaseFile.Number(connection, "PRAGMA page_count")}");
    }

    /// <summary>Lets the file grow again when there is room; false while there is none.</summary>
    public bool TryRecover(SqliteConnection connection)
    {
        if (!TryHold())
        {
            return false;
        }

        DatabaseFile.Execute(connection, $"PRAGMA max_page_count={NoLimit}");
        return true;
    }

    void GiveUp()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing that could be done about it.
        }
    }
}
