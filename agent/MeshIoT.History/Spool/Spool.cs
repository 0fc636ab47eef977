using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.History;

/// <summary>
/// Messages that wait for receivers who cannot be reached now: in order, with their own time stamps, within limits of bytes and age; the oldest go first.
/// Several readers read the same messages, each at its own pace; one is gone when all readers acknowledged it. What is acknowledged may come again after
/// a crash, what was durable is never lost. Trouble with the disk is never thrown: it is <see cref="Problem"/>, messages stay in memory within bounds
/// meanwhile, and it is tried again. Any thread may call at any time. Nothing is written, and no timer runs, while nothing is appended or acknowledged.
/// </summary>
public sealed partial class Spool : IDisposable
{
    /// <summary>Most that one <see cref="Read"/> gives, bytes; a single larger message is given alone.</summary>
    const long ReadBytes = 1 << 20;

    /// <summary>A message larger than this is refused and counted as dropped.</summary>
    const int LargestItem = 16 << 20;

    /// <summary>
    /// Where ids begin while the file could not be opened yet: before all that can be in it, so that what a reader acknowledges of them is never taken
    /// for messages of the file. Once it opens they get their places after its last.
    /// </summary>
    const long BeforeFile = -1L << 52;

    readonly Lock gate = new();
    readonly string path;
    readonly TimeProvider time;
    readonly ITimer timer;
    readonly List<SpooledItem> waiting = [];
    readonly Dictionary<string, long> readers = new(StringComparer.Ordinal);
    SpoolOptions options;
    SpoolFile? file;
    KeptClock clock;
    long waitingBytes, lastId = BeforeFile, dueAt = long.MaxValue;
    bool isOpened, isDirty, isDisposed;

    Spool(string path, SpoolOptions options, TimeProvider time)
    {
        (this.path, this.options, this.time, clock) = (path, options, time, new KeptClock(time, 0, 0));
        timer = time.CreateTimer(static spool => ((Spool)spool!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told when <see cref="Problem"/> changes; on the thread of the caller or a timer's, outside the lock.</summary>
    public event Action<FaultReport?>? ProblemChanged;

    /// <summary>What is wrong, while it is: the disk, what was dropped, a file that was put aside.</summary>
    public FaultReport? Problem { get; private set; }

    /// <summary>Messages that were dropped before every reader had them, since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>Bytes of messages on the disk and in memory.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return (file?.Bytes ?? 0) + waitingBytes;
            }
        }
    }

    /// <summary>Opens the spool, or begins one; its directory must be there. A damaged file is put aside. Never throws for what the disk does.</summary>
    public static Spool Open(string path, SpoolOptions options, TimeProvider time)
    {
        Spool spool = new(path, options, time);
        lock (spool.gate)
        {
            spool.TryOpen();
            spool.ShowProblem();
        }

        return spool;
    }

    /// <summary>Takes other limits from now on.</summary>
    public void Use(SpoolOptions changed)
    {
        lock (gate)
        {
            options = changed;
            isDirty = true;
            Arm();
        }

        Tell();
    }

    /// <summary>
    /// Adds messages at the end. Urgent ones, and what waited before them, are on the disk when it returns - unless the disk refuses, which
    /// <see cref="Problem"/> says. The payload is copied.
    /// </summary>
    public void Append(IReadOnlyList<SpoolItem> items, bool isUrgent)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            foreach (SpoolItem item in items)
            {
                if (item.Payload.Length > Math.Min(LargestItem, options.MaxBytes / 4))
                {
                    Dropped++;
                    continue;
                }

                SpooledItem kept = new(++lastId, item with { Payload = item.Payload.ToArray() });
                waiting.Add(kept);
                waitingBytes += SpoolFile.CostOf(kept.Item);
            }

            if (waiting.Count > 0 && (isUrgent || options.Batch <= TimeSpan.Zero || waitingBytes >= options.BufferBytes))
            {
                Write();
            }

            Arm();
        }

        Tell();
    }

    /// <summary>
    /// The next messages for a reader, in order, after what it acknowledged; the same again until it does. A name that is new becomes a reader, and from
    /// then on messages are kept for it; it begins with the oldest that is there.
    /// </summary>
    /// <param name="reader">The reader's name.</param>
    /// <param name="most">Most messages; fewer come when they are large.</param>
    /// <param name="after">Only messages after this id too: for readers that have some on their way.</param>
    public IReadOnlyList<SpooledItem> Read(string reader, int most, long after = long.MinValue)
    {
        List<SpooledItem> found = [];
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            long from = Math.Max(PositionOf(reader), after);
            Guard(() => file?.Read(from, most, ReadBytes, found));
            long left = ReadBytes;
            foreach (SpooledItem item in found)
            {
                left -= SpoolFile.CostOf(item.Item);
            }

            for (int i = IndexAfter(from); i < waiting.Count && found.Count < most && (left > 0 || found.Count == 0); i++)
            {
                found.Add(waiting[i]);
                left -= SpoolFile.CostOf(waiting[i].Item);
            }
        }

        Tell();
        return found;
    }

    /// <summary>A reader has these messages and all before them. Reaches the disk within a minute or with the next batch, whichever is sooner.</summary>
    public void Acknowledge(string reader, long upToId)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            long known = PositionOf(reader);
            long position = Math.Min(upToId, lastId);
            if (position <= known)
            {
                return;
            }

            readers[reader] = position;
            Forget(DoneWith());

            // Of messages that never were on the disk the disk need not know that they are gone.
            isDirty |= file is { Count: > 0 } && known < file.LastId;
            Arm();
        }
    }

    /// <summary>Messages that the reader has not acknowledged.</summary>
    public long Pending(string reader)
    {
        lock (gate)
        {
            long position = readers.GetValueOrDefault(reader, long.MinValue);
            long onDisk = 0;
            Guard(() => onDisk = file?.CountAfter(position) ?? 0);
            return onDisk + waiting.Count - IndexAfter(position);
        }
    }

    /// <summary>These are the readers from now on: others are forgotten, new ones begin with the oldest message.</summary>
    public void KeepReaders(IReadOnlyCollection<string> names)
    {
        lock (gate)
        {
            HashSet<string> wanted = new(names, StringComparer.Ordinal);
            foreach (string name in new List<string>(readers.Keys))
            {
                isDirty |= !wanted.Contains(name) && readers.Remove(name);
            }

            foreach (string name in wanted)
            {
                PositionOf(name);
            }

            Forget(DoneWith());
            Arm();
        }
    }

    /// <summary>Writes what waits in memory now. True when it, and all before it, would survive a power cut.</summary>
    public bool Flush()
    {
        bool isDone;
        lock (gate)
        {
            isDone = (waiting.Count == 0 && !isDirty) || Write();
            Arm();
        }

        Tell();
        return isDone;
    }

    /// <summary>Writes what waits, and closes.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            if (waiting.Count > 0 || isDirty)
            {
                Write();
            }

            isDisposed = true;
            timer.Dispose();
            file?.Dispose();
            file = null;
        }
    }

    long PositionOf(string reader)
    {
        if (readers.TryGetValue(reader, out long position))
        {
            return position;
        }

        // Known on the disk at once: otherwise others' acknowledgements could delete what it has not seen, after a crash.
        readers[reader] = long.MinValue;
        isDirty = true;
        Write();
        return readers[reader];
    }

    /// <summary>What all readers have; nothing while there are none.</summary>
    long DoneWith()
    {
        long done = readers.Count == 0 ? long.MinValue : long.MaxValue;
        foreach (long position in readers.Values)
        {
            done = Math.Min(done, position);
        }

        return done;
    }

    /// <summary>The first message in memory after an id.</summary>
    int IndexAfter(long id) => waiting.Count == 0 || id < waiting[0].Id ? 0 : (int)Math.Min(id + 1 - waiting[0].Id, waiting.Count);

    /// <summary>Lets messages in memory go.</summary>
    int Forget(long upToId)
    {
        int count = IndexAfter(upToId);
        for (int i = 0; i < count; i++)
        {
            waitingBytes -= SpoolFile.CostOf(waiting[i].Item);
        }

        waiting.RemoveRange(0, count);
        return count;
    }
}
