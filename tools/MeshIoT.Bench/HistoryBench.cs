using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using MeshIoT.History;
using MeshIoT.Sensors;

namespace MeshIoT.Bench;

/// <summary>
/// What history costs a disk: the values of a number of sensors over a simulated day, by the real store with its real batches, on a clock that the bench
/// turns; what was written is the kernel's count (write_bytes of /proc/self/io). Prints one line of JSON.
/// </summary>
static class HistoryBench
{
    public const string Usage = "history [--sensors N] [--every SECONDS] [--days N] [--dir DIR]";

    public static int Run(ReadOnlySpan<string> args)
    {
        int sensors = 10, every = 10, days = 1;
        string parent = Directory.GetCurrentDirectory();
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            bool isNumber = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0;
            switch (args[i])
            {
                case "--sensors" when isNumber: sensors = n; break;
                case "--every" when isNumber: every = n; break;
                case "--days" when isNumber: days = n; break;
                case "--dir": parent = args[i + 1]; break;
                default: return Wrong();
            }
        }

        if (args.Length % 2 != 0 || Written() is null)
        {
            return Wrong();
        }

        string directory = Path.Combine(parent, "history-bench-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(directory);
        try
        {
            Console.Out.WriteLine(Measure(Path.Combine(directory, "history.db"), sensors, every, days));
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    static string Measure(string path, int sensors, int every, int days)
    {
        TurnedClock clock = new();
        Random random = new(1);
        SensorDescription[] described = new SensorDescription[sensors];
        double[] values = new double[sensors];
        for (int i = 0; i < sensors; i++)
        {
            (described[i], values[i]) = (new($"bench{i}.temperature", "Bench", "sim", "temperature", "°C", Simulated: true), 20);
        }

        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long before = Written()!.Value, first, idle;
        using (HistoryStore store = HistoryStore.Open(path, new HistoryOptions { Zone = TimeZoneInfo.Utc }, clock))
        {
            // A day before the one that counts: sorting and roll-up are then what they are every day.
            Fill(1);
            store.Flush();
            first = Written()!.Value;
            Fill(days);
            store.Flush();
            idle = Written()!.Value;
            clock.Turn(TimeSpan.FromDays(1));
            store.Query(described[0].Id, 0, long.MaxValue, Resolution.Auto, 500);
            long written = idle - first, still = Written()!.Value - idle;
            double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / (days + 1);
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"sensors":{{sensors}},"every_s":{{every}},"disk_mb_per_day":{{written / 1e6 / days:0.00}},"disk_mb_first_day":{{(first - before) / 1e6:0.00}},"idle_bytes_per_day":{{still}},"file_mb":{{new FileInfo(path).Length / 1e6:0.00}},"cpu_s_per_day":{{cpuSeconds:0.00}}}""");

            void Fill(int length)
            {
                for (long second = 0; second < length * 86_400L; second += every)
                {
                    long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                    List<Reading> readings = new(sensors);
                    for (int i = 0; i < sensors; i++)
                    {
                        values[i] += (random.NextDouble() - 0.5) * 0.1;
                        readings.Add(new Reading(described[i], Math.Round(values[i], 2), now + random.Next(4), Quality.Good));
                    }

                    store.Add(readings);
                    clock.Turn(TimeSpan.FromSeconds(every));
                }
            }
        }
    }

    static int Wrong()
    {
        Console.Error.WriteLine("usage: MeshIoT.Bench " + Usage);
        return 2;
    }

    static long? Written()
    {
        foreach (string line in File.ReadLines("/proc/self/io"))
        {
            if (line.StartsWith("write_bytes: ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(13), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
            {
                return bytes;
            }
        }

        return null;
    }

    /// <summary>A clock with one timer, which is all that a store has.</summary>
    sealed class TurnedClock : TimeProvider
    {
        DateTimeOffset now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        OneTimer? timer;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => now.UtcTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => timer = new OneTimer(this, callback, state);

        public void Turn(TimeSpan by)
        {
            now += by;
            if (timer is { } one && one.Due <= now)
            {
                one.Due = DateTimeOffset.MaxValue;
                one.Callback(one.State);
            }
        }

        sealed class OneTimer(TurnedClock owner, TimerCallback callback, object? state) : ITimer
        {
            public DateTimeOffset Due { get; set; } = DateTimeOffset.MaxValue;

            public TimerCallback Callback => callback;

            public object? State => state;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : owner.now + dueTime;
                return true;
            }

            public void Dispose()
            {
            }

            public System.Threading.Tasks.ValueTask DisposeAsync() => default;
        }
    }
}
