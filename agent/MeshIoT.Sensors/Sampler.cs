using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>
/// Holds a gateway's devices and the latest reading of each of their values. Each lane belongs to one thread, which calls <see cref="Sample(string, long, long)"/>;
/// everything else may be called from any thread at any time. It has no clock: wall time stamps the readings, monotonic time says what is due,
/// so that setting the clock neither stops nor floods anything.
/// </summary>
public sealed partial class Sampler : IDisposable
{
    /// <summary>A device that asks without end is read this often, in milliseconds.</summary>
    const long ShortestAskMs = 20;

    readonly object gate = new();
    volatile SampledDevice[] devices = [];

    /// <summary>A sampler of <paramref name="sensors"/> that are all read equally often; of two with one id the first is kept.</summary>
    /// <param name="sensors">What to read.</param>
    /// <param name="interval">How often each is read; a value three intervals old is stale.</param>
    public Sampler(IEnumerable<Sensor> sensors, TimeSpan interval)
        : this()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        List<(SensorDevice, SensorEntry?, TimeSpan)> wanted = [];
        foreach (Sensor sensor in sensors)
        {
            wanted.Add((new SingleSensor(sensor, "host"), null, interval));
        }

        Use(wanted);
    }

    /// <summary>A sampler without sensors.</summary>
    public Sampler()
    {
    }

    /// <summary>Told of readings that are worth passing on, on the thread of their lane; must be quick and must not throw.</summary>
    public event Action<IReadOnlyList<Reading>>? Sampled;

    /// <summary>
    /// Told that a device of that lane asks to be read before its time: whoever samples the lane does so now. On any thread; must be quick and must
    /// not throw.
    /// </summary>
    public event Action<string>? LaneAsked;

    /// <summary>The lanes that have devices.</summary>
    public IReadOnlyCollection<string> Lanes
    {
        get
        {
            HashSet<string> lanes = new(StringComparer.Ordinal);
            foreach (SampledDevice device in devices)
            {
                lanes.Add(device.Lane);
            }

            return lanes;
        }
    }

    /// <summary>
    /// Takes these devices in place of the present ones, which are disposed of. A sensor that stays under its id in the same unit keeps its last reading,
    /// and its device takes over what the one before had counted.
    /// Of two with one id the first is kept. No lane may be sampling meanwhile.
    /// </summary>
    public void Use(IEnumerable<(SensorDevice Device, SensorEntry? Entry, TimeSpan Every)> wanted)
    {
        lock (gate)
        {
            SampledDevice[] before = devices;
            Dictionary<string, Reading> known = new(StringComparer.Ordinal);
            Dictionary<string, SampledDevice> places = new(StringComparer.Ordinal);
            foreach (SampledDevice device in before)
            {
                places.TryAdd(device.Id, device);
                foreach (Reading reading in device.Latest)
                {
                    known[reading.Sensor.Id] = reading;
                }
            }

            List<SampledDevice> kept = [];
            HashSet<string> ids = new(StringComparer.Ordinal);
            foreach ((SensorDevice device, SensorEntry? entry, TimeSpan every) in wanted)
            {
                if (!TakeIds(ids, device))
                {
                    device.Dispose();
                    continue;
                }

                SampledDevice sampled = new(device, entry, every);
                if (places.Remove(sampled.Id, out SampledDevice? place))
                {
                    sampled.TakeOver(place);
                }

                sampled.Listen(Ask);
                for (int i = 0; i < sampled.Latest.Length; i++)
                {
                    Reading now = sampled.Latest[i];
                    if (known.TryGetValue(now.Sensor.Id, out Reading? last) && last.Sensor.Unit == now.Sensor.Unit)
                    {
                        sampled.Latest[i] = last with { Sensor = now.Sensor };
                    }
                }

                kept.Add(sampled);
            }

            devices = [.. kept];
            foreach (SampledDevice device in before)
            {
                device.Dispose();
            }
        }
    }

    /// <summary>Reads what is due on <paramref name="lane"/> and publishes it.</summary>
    /// <param name="lane">One of <see cref="Lanes"/>.</param>
    /// <param name="unixMs">Wall time, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="monotonicMs">Monotonic time, milliseconds.</param>
    /// <returns>When the lane is to be sampled next, in monotonic milliseconds; <see cref="long.MaxValue"/>: it has no devices.</returns>
    public long Sample(string lane, long unixMs, long monotonicMs)
    {
        List<Reading> reports = [];
        long next = long.MaxValue;
        foreach (SampledDevice device in devices)
        {
            if (device.Lane != lane)
            {
                continue;
            }

            if (device.DueMs <= monotonicMs)
            {
                // On the beat, and not later and later; beats that were missed are left out.
                device.DueMs = device.DueMs == 0 || monotonicMs - device.DueMs >= device.EveryMs ? monotonicMs + device.EveryMs : device.DueMs + device.EveryMs;
                device.Read(unixMs, reports);
            }
            else if (device.IsAsking && monotonicMs - device.AskedMs >= ShortestAskMs)
            {
                device.AskedMs = monotonicMs;
                device.Read(unixMs, reports);
            }

            next = Math.Min(next, device.IsAsking ? Math.Min(device.DueMs, device.AskedMs + ShortestAskMs) : device.DueMs);
        }

        Report(reports);
        return next;
    }

    /// <summary>Reads every device of every lane once, due or not.</summary>
    /// <param name="unixMs">Now, milliseconds since 1970-01-01 UTC.</param>
    public void Sample(long unixMs)
    {
        List<Reading> reports = [];
        foreach (SampledDevice device in devices)
        {
            device.Read(unixMs, reports);
        }

        Report(reports);
    }

    /// <summary>The latest reading of every value, in the order of the devices, judged at <paramref name="unixMs"/>.</summary>
    public IReadOnlyList<Reading> Latest(long unixMs)
    {
        List<Reading> all = [];
        foreach (SampledDevice device in devices)
        {
            for (int i = 0; i < device.Latest.Length; i++)
            {
                all.Add(Judge(device, i, unixMs));
            }
        }

        return all;
    }

    /// <summary>The latest reading of the sensor <paramref name="id"/>, or null if there is no such sensor.</summary>
    public Reading? Find(string id, long unixMs)
    {
        foreach (SampledDevice device in devices)
        {
            for (int i = 0; i < device.Latest.Length; i++)
            {
                if (string.Equals(device.Latest[i].Sensor.Id, id, StringComparison.Ordinal))
                {
                    return Judge(device, i, unixMs);
                }
            }
        }

        return null;
    }

    /// <summary>What the configuration says of the sensor <paramref name="id"/>; null when it has no entry.</summary>
    public QuantityEntry? EntryOf(string id)
    {
        foreach (SampledDevice device in devices)
        {
            foreach (Reading reading in device.Latest)
            {
                if (string.Equals(reading.Sensor.Id, id, StringComparison.Ordinal))
                {
                    return device.Entry?.Of(reading.Sensor);
                }
            }
        }

        return null;
    }

    /// <summary>Gives all devices back.</summary>
    public void Dispose() => Use([]);

    void Ask(string lane) => LaneAsked?.Invoke(lane);

    static bool TakeIds(HashSet<string> ids, SensorDevice device)
    {
        foreach (SensorDescription channel in device.Channels)
        {
            if (ids.Contains(channel.Id))
            {
                return false;
            }
        }

        foreach (SensorDescription channel in device.Channels)
        {
            ids.Add(channel.Id);
        }

        return true;
    }

    static Reading Judge(SampledDevice device, int channel, long unixMs)
    {
        Reading reading = Volatile.Read(ref device.Latest[channel]);
        return reading.Quality == Quality.Good && unixMs - reading.UnixMs > 3 * device.EveryMs
            ? reading with { Quality = Quality.Stale, Problem = Faults.SensorSilent.With(reading.Sensor.Id, "it was not read when it was due") }
            : reading;
    }

    void Report(List<Reading> reports)
    {
        if (reports.Count > 0)
        {
            Sampled?.Invoke(reports);
        }
    }
}
