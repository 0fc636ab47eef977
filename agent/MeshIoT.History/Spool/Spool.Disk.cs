using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <content>When and how the disk is written, and what is done when it refuses.</content>
public sealed partial class Spool
{
    static readonly TimeSpan Retry = TimeSpan.FromMinutes(1), Shortest = TimeSpan.FromSeconds(1);

    FaultReport? diskTrouble, overflow, setAside, told;
    bool isFull;
    long fullAt;

    /// <summary>For tests: the file's half.</summary>
    internal SpoolFile? File => file;

    void OnTime()
    {
        lock (gate)
        {
            dueAt = long.MaxValue;
            if (isDisposed)
            {
                return;
            }

            if (waiting.Count > 0 || isDirty)
            {
                Write();
            }

            Arm();
        }

        Tell();
    }

    /// <summary>One timer, and only while there is something to write.</summary>
    void Arm()
    {
        if (isDisposed || (waiting.Count == 0 && !isDirty))
        {
            return;
        }

        TimeSpan wait = diskTrouble is null && !isDirty ? options.Batch
            : diskTrouble is null && options.Batch < Retry ? options.Batch
            : Retry;
        wait = wait > Shortest ? wait : Shortest;
        long due = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
        if (due < dueAt)
        {
            dueAt = due;
            timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    bool Write()
    {
        if (file is null && !TryOpen())
        {
            Squeeze();
            return false;
        }

        for (int attempt = 0; file is not null; attempt++)
        {
            try
            {
                WriteOnce(attempt);
                file.GiveBack();
                isFull = isFull && (time.GetElapsedTime(fullAt) < Retry || !file.TryRecover());
                diskTrouble = isFull ? Faults.StorageFull.With(path) : null;

                // Once it was full it is tried again: until then the warning stays.
                isDirty = isFull;
                ShowProblem();
                return true;
            }
            catch (SqliteException e) when (DatabaseFile.IsFull(e) && attempt < 3)
            {
                (isFull, fullAt) = (true, time.GetTimestamp());
                Guard(() => file.MeetFullDisk());
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                Fail(e);
                if (!(e is SqliteException s && DatabaseFile.IsDamage(s) && TryOpen()))
                {
                    break;
                }
            }
        }

        Squeeze();
        return false;
    }

    /// <summary>One transaction. After a disk that was full, room is made first: as much as is needed, then an eighth of what is there, then a half.</summary>
    void WriteOnce(int attempt)
    {
        long kept = clock.NowMs, done = DoneWith(), gone = done;
        if (attempt > 0)
        {
            file!.TryCheckpoint();
            Drop(file.OldestWorth(Math.Max(2 * waitingBytes, attempt switch { 1 => 64 << 10, 2 => file.Bytes / 8, _ => file.Bytes / 2 })), done);
            file.TryCheckpoint();
        }

        gone = Math.Max(gone, file!.LastBefore(kept - (long)options.MaxAge.TotalMilliseconds));
        long over = file.Bytes + waitingBytes - options.MaxBytes;
        if (over > 0)
        {
            // A twentieth more than needed: not again with the next message.
            long room = over + (options.MaxBytes / 20);
            gone = Math.Max(gone, file.OldestWorth(room));
            if (room > file.Bytes)
            {
                Lose(ForgetOldest(room - file.Bytes));
            }
        }

        long lost = gone > done ? file.CountAfter(done) - file.CountAfter(gone) : 0;
        file.Write(gone, waiting, readers, kept, clock.WallMs);
        Lose(lost);
        waiting.Clear();
        waitingBytes = 0;
        if (lost == 0 && attempt == 0 && file.Bytes < options.MaxBytes / 10 * 9)
        {
            overflow = null;
        }
    }

    /// <summary>Deletes the oldest on the disk in a transaction of their own: on a full disk that is what makes room.</summary>
    void Drop(long upToId, long done)
    {
        long lost = file!.CountAfter(done) - file.CountAfter(Math.Max(done, upToId));
        file.Write(upToId, [], readers, clock.NowMs, clock.WallMs);
        Lose(lost);
    }

    /// <summary>Keeps what waits in memory within its bounds while the disk does not take it: the oldest go.</summary>
    void Squeeze()
    {
        if (waitingBytes > options.BufferBytes)
        {
            Lose(ForgetOldest(waitingBytes - (options.BufferBytes / 10 * 9)));
        }

        ShowProblem();
    }

    int ForgetOldest(long bytes)
    {
        long last = 0;
        for (int i = 0; i < waiting.Count && bytes > 0; i++)
        {
            last = waiting[i].Id;
            bytes -= SpoolFile.CostOf(waiting[i].Item);
        }

        return Forget(last);
    }

    void Lose(long count)
    {
        if (count > 0)
        {
            Dropped += count;
            overflow = Faults.SpoolOverflow.With(Dropped, $"it keeps {options.MaxBytes} bytes and {options.MaxAge.TotalDays:0.#} days");
        }
    }

    bool TryOpen()
    {
        try
        {
            file = SpoolFile.Open(path, time, out FaultReport? aside);
            setAside = aside ?? setAside;
            (long kept, long wall) = file.ReadClock();
            clock = isOpened ? clock : new KeptClock(time, kept, wall);
            Join(file.ReadReaders());
            isOpened = true;
            diskTrouble = null;
            return true;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            Fail(e);
            return false;
        }
    }

    /// <summary>What is in memory and what is in the file become one spool.</summary>
    void Join(Dictionary<string, long> saved)
    {
        foreach (string reader in new List<string>(readers.Keys))
        {
            // Only within one life of the file does a position in memory mean anything to it.
            readers[reader] = Math.Max(isOpened ? readers[reader] : long.MinValue, saved.GetValueOrDefault(reader, long.MinValue));
        }

        lastId = Math.Max(Math.Max(lastId, 0), file!.LastId);
        foreach (KeyValuePair<string, long> reader in saved)
        {
            readers[reader.Key] = Math.Max(reader.Value, readers.GetValueOrDefault(reader.Key, long.MinValue));
            lastId = Math.Max(lastId, reader.Value);
        }

        for (int i = 0; !isOpened && i < waiting.Count; i++)
        {
            waiting[i] = waiting[i] with { Id = ++lastId };
        }
    }

    /// <summary>Runs what only reads; trouble is shown.</summary>
    void Guard(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            Fail(e);
            isDirty = true;
            Arm();
        }
    }

    void Fail(Exception e)
    {
        file?.Dispose();
        file = null;
        diskTrouble = e is SqliteException full && DatabaseFile.IsFull(full) ? Faults.StorageFull.With(path) : Faults.StorageUnusable.With(path, DatabaseFile.Why(e));
        if (e is SqliteException damage && DatabaseFile.IsDamage(damage))
        {
            try
            {
                setAside = DatabaseFile.PutAside(path, DatabaseFile.Why(e), time);
                diskTrouble = null;
            }
            catch (Exception moving) when (moving is IOException or UnauthorizedAccessException)
            {
                diskTrouble = Faults.StorageUnusable.With(path, DatabaseFile.Why(moving));
            }
        }

        ShowProblem();
    }

    void ShowProblem() => Problem = diskTrouble ?? overflow ?? setAside;

    void Tell()
    {
        FaultReport? now = Problem;
        if (now != told)
        {
            told = now;
            ProblemChanged?.Invoke(now);
        }
    }
}
