using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Sensors;

namespace MeshIoT.History;

/// <summary>
/// What sensors measured, as it was and rolled up. Values are packed in memory and written in batches; queries see both. Trouble with the disk is never
/// thrown: it is <see cref="Problem"/>, values stay in memory within bounds meanwhile, the oldest go first, and it is tried again. Values of a time before
/// the clock was set get their right time once it is. Any thread may call at any time. Nothing is written, and no timer runs, while nothing is added.
/// </summary>
public sealed partial class HistoryStore : IDisposable
{
    readonly Lock gate = new();
    readonly string path;
    readonly TimeProvider time;
    readonly ITimer timer;
    readonly Dictionary<(string Id, string Unit), SensorSeries> series = [];
    readonly Dictionary<string, SensorSeries> inUse = new(StringComparer.Ordinal);
    readonly List<Batch> waiting = [];
    HistoryOptions options;
    HistoryFile? file;
    KeptClock clock;
    DayStarts days;
    int openBytes, waitingBytes;
    long used;
    bool isOpened, isTimed, isDisposed;

    HistoryStore(string path, HistoryOptions options, TimeProvider time)
    {
        (this.path, this.options, this.time, clock, days) = (path, options, time, new KeptClock(time, 0, 0), new DayStarts(options.Zone));
        timer = time.CreateTimer(static store => ((HistoryStore)store!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told when <see cref="Problem"/> changes; on the thread of the caller or a timer's, outside the lock.</summary>
    public event Action<FaultReport?>? ProblemChanged;

    /// <summary>What is wrong, while it is: the disk, or a file that was put aside.</summary>
    public FaultReport? Problem { get; private set; }

    /// <summary>Values that were dropped because neither disk nor memory had room, since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>Values taken since the start.</summary>
    public long Added { get; private set; }

    /// <summary>Bytes of values in memory.</summary>
    public int BufferedBytes
    {
        get
        {
            lock (gate)
            {
                return openBytes + waitingBytes;
            }
        }
    }

    /// <summary>Ids of all sensors that there is history of.</summary>
    public IReadOnlyList<string> Sensors
    {
        get
        {
            lock (gate)
            {
                SortedSet<string> ids = new(StringComparer.Ordinal);
                foreach ((string id, _) in series.Keys)
                {
                    ids.Add(id);
                }

                return [.. ids];
            }
        }
    }

    /// <summary>Whether there is history of a sensor, or room for it: it was read or is in the file.</summary>
    public bool Knows(string sensorId)
    {
        lock (gate)
        {
            return inUse.ContainsKey(sensorId);
        }
    }

    /// <summary>Opens the history, or begins one; its directory must be there. A damaged file is put aside. Never throws for what the disk does.</summary>
    public static HistoryStore Open(string path, HistoryOptions options, TimeProvider time)
    {
        HistoryStore store = new(path, options, time);
        lock (store.gate)
        {
            store.TryOpen();
        }

        return store;
    }

    /// <summary>Takes other limits from now on; what is too much goes with the next batch.</summary>
    public void Use(HistoryOptions changed)
    {
        lock (gate)
        {
            (options, days) = (changed, new DayStarts(changed.Zone));
            isTimed = false;
            Arm();
        }
    }

    /// <summary>Takes the good values of these readings; others are left out.</summary>
    public void Add(IReadOnlyList<Reading> readings)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            MeetClock();
            foreach (Reading reading in readings)
            {
                if (reading is { Quality: Quality.Good, Value: { } value } && double.IsFinite(value))
                {
                    Add(reading.Sensor, RightTime(reading.UnixMs), value);
                }
            }

            if (openBytes + waitingBytes >= options.BufferBytes)
            {
                Write();
            }

            Arm();
        }

        Tell();
    }

    /// <summary>Writes what waits in memory now. True when all that was added would survive a power cut.</summary>
    public bool Flush()
    {
        bool isDone;
        lock (gate)
        {
            isDone = openBytes + waitingBytes == 0 || Write();
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

            Seal();
            if (waiting.Count > 0)
            {
                Write(isLast: true);
            }

            isDisposed = true;
            timer.Dispose();
            file?.Dispose();
            file = null;
        }
    }

    void Add(SensorDescription sensor, long unixMs, double value)
    {
        SensorSeries one = InUse(sensor);
        one.Open ??= new PointWriter();
        openBytes -= one.Open.Length;
        one.Open.Append(unixMs, value);
        openBytes += one.Open.Length;
        Added++;
    }

    /// <summary>The sensor's series in its present unit. A unit that is another than before is noted as the one in use.</summary>
    SensorSeries InUse(SensorDescription sensor)
    {
        if (inUse.TryGetValue(sensor.Id, out SensorSeries? one) && one.Unit == sensor.Unit)
        {
            return one;
        }

        if (!series.TryGetValue((sensor.Id, sensor.Unit), out one))
        {
            series[(sensor.Id, sensor.Unit)] = one = new SensorSeries(sensor.Id, sensor.Unit);
        }

        inUse[sensor.Id] = one;
        one.Used = ++used;
        if (one.Number > 0)
        {
            Guard(() => file?.Use(one));
        }

        return one;
    }

    /// <summary>Makes what came since the last batch a batch of its own.</summary>
    void Seal()
    {
        Batch batch = new();
        foreach (SensorSeries one in series.Values)
        {
            if (one.Open is { } points)
            {
                batch.Add(one, points);
                one.Open = null;
            }
        }

        if (batch.Count > 0)
        {
            waiting.Add(batch);
            waitingBytes += batch.Bytes;
            openBytes = 0;
        }
    }
}
