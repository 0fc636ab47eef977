using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.History;

/// <content>When and how the disk is written, and what is done when it refuses.</content>
public sealed partial class HistoryStore
{
    static readonly TimeSpan Retry = TimeSpan.FromMinutes(1), Shortest = TimeSpan.FromSeconds(1), SortAtLeastEvery = TimeSpan.FromDays(1);

    FaultReport? diskTrouble, setAside, told;
    bool isFull;
    long fullAt;

    /// <summary>Batches that were written since the start.</summary>
    public long Written { get; private set; }

    /// <summary>Stored pieces that could not be read because they are damaged; queries leave them out.</summary>
    public long Damaged => file?.Damaged ?? 0;

    /// <summary>For tests: the file's half.</summary>
    internal HistoryFile? File => file;

    void OnTime()
    {
        lock (gate)
        {
            isTimed = false;
            if (isDisposed)
            {
                return;
            }

            Write();
            Arm();
        }

        Tell();
    }

    /// <summary>One timer, and only while there is something to write.</summary>
    void Arm()
    {
        if (!isTimed && !isDisposed && (openBytes + waitingBytes > 0 || isFull))
        {
            isTimed = true;
            TimeSpan wait = diskTrouble is not null && Retry < options.Batch ? Retry : options.Batch;
            timer.Change(wait > Shortest ? wait : Shortest, Timeout.InfiniteTimeSpan);
        }
    }

    bool Write(bool isLast = false)
    {
        Seal();
        if (file is null && !TryOpen())
        {
            Squeeze();
            return false;
        }

        for (int attempt = 0; file is not null; attempt++)
        {
            try
            {
                WriteOnce(attempt, isLast);
                isFull = isFull && (time.GetElapsedTime(fullAt) < Retry || !file.TryRecover());
                diskTrouble = isFull ? Faults.StorageFull.With(path) : null;
                ShowProblem();
                return true;
            }
            catch (SqliteException e) when (DatabaseFile.IsFull(e) && attempt < 3)
            {
                (isFull, fullAt, diskTrouble) = (true, time.GetTimestamp(), Faults.StorageFull.With(path));
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

    /// <summary>Appends what waits; now and then sorts. After a disk that was full, room is made first: more with each attempt.</summary>
    void WriteOnce(int attempt, bool isLast)
    {
        if (attempt > 0)
        {
            file!.TryCheckpoint();
            file.Drop(attempt switch { 1 => Math.Max(2 * waitingBytes, 64 << 10), 2 => file.BytesOf(Resolution.Raw) / 8, _ => file.BytesOf(Resolution.Raw) / 2 });
            file.TryCheckpoint();
        }

        if (waiting.Count > 0)
        {
            long before = file!.LastBatch;
            file.Append(waiting, clock.NowMs, clock.WallMs);
            NoteBatches(before);
            Written += waiting.Count;
            waiting.Clear();
            waitingBytes = 0;
        }

        // Not on the way out, which must be quick, and not while times are wrong and can still be put right.
        bool isDue = file!.BatchBytes >= options.SortBytes || clock.NowMs - file.BatchesSince >= (long)SortAtLeastEvery.TotalMilliseconds;
        if (isDue && !isLast && (!IsClockUnset || file.BatchBytes >= 8L * options.SortBytes))
        {
            for (long left = long.MaxValue; file.BatchBytes > 0 && file.BatchBytes < left;)
            {
                left = file.BatchBytes;
                file.Sort(options, days, clock.NowMs);
            }

            file.Retain(options, clock.NowMs);
        }
    }

    /// <summary>Keeps what waits in memory within its bounds while the disk does not take it: the oldest go.</summary>
    void Squeeze()
    {
        while (waitingBytes > options.BufferBytes && waiting.Count > 0)
        {
            Dropped += waiting[0].Count;
            waitingBytes -= waiting[0].Bytes;
            waiting.RemoveAt(0);
        }

        ShowProblem();
    }

    bool TryOpen()
    {
        try
        {
            file = HistoryFile.Open(path, time, out FaultReport? aside);
            setAside = aside ?? setAside;
            (long kept, long wall) = file.ReadClock();
            clock = isOpened ? clock : new KeptClock(time, kept, wall);
            Join(file.ReadSensors());
            isOpened = true;
            diskTrouble = null;
            ShowProblem();
            return true;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            Fail(e);
            return false;
        }
    }

    /// <summary>The file's numbers are the ones that count; after a file was put aside all sensors get new ones.</summary>
    void Join(List<SensorSeries> stored)
    {
        foreach (SensorSeries one in series.Values)
        {
            one.Number = 0;
        }

        foreach (SensorSeries one in stored)
        {
            if (series.TryGetValue((one.Id, one.Unit), out SensorSeries? known))
            {
                known.Number = one.Number;
            }
            else
            {
                series[(one.Id, one.Unit)] = one;
            }

            used = Math.Max(used, one.Used);
            if (!isOpened && (!inUse.TryGetValue(one.Id, out SensorSeries? last) || last.Used < one.Used))
            {
                inUse[one.Id] = series[(one.Id, one.Unit)];
            }
        }
    }

    /// <summary>Runs what is not worth stopping for; trouble is shown.</summary>
    void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            if (e is SqliteException full && DatabaseFile.IsFull(full))
            {
                (isFull, fullAt, diskTrouble) = (true, time.GetTimestamp(), Faults.StorageFull.With(path));
                ShowProblem();
                return;
            }

            Fail(e);
        }
    }

    void Fail(Exception e)
    {
        file?.Dispose();
        file = null;
        unsetFrom = 0;
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

    void ShowProblem() => Problem = diskTrouble ?? setAside;

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
