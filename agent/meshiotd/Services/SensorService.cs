using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Host;
using MeshIoT.Sensors.Scan;
using MeshIoT.Sensors.Simulated;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Agent.Services;

/// <summary>
/// Makes the devices that the configuration describes and keeps them read: one thread a lane, which sleeps until the next device is due. A lane that
/// hangs in its hardware holds up no other. New entries are taken while it runs; a sensor that stays keeps its reading.
/// </summary>
internal sealed class SensorService : IDisposable
{
    /// <summary>How long a lane may take to end before others begin beside it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long somebody waits for a lane that is being read.</summary>
    static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();
    readonly IWiring wiring;
    readonly FaultBoard<string> health;
    readonly SensorFaults faults;
    readonly TimeProvider time;
    readonly ConcurrentDictionary<string, Lock> turns = new(StringComparer.Ordinal);
    List<Thread> lanes = [];
    volatile Dictionary<string, AutoResetEvent> wakes = [];
    ManualResetEvent stop = new(false);
    volatile GatewaySections? described;
    bool isDisposed;

    public SensorService(IWiring wiring, FaultBoard<string> health, TimeProvider time)
    {
        (this.wiring, this.health, this.time) = (wiring, health, time);
        faults = new SensorFaults(health);
        Sampler.Sampled += faults.Note;
        Sampler.LaneAsked += Wake;
    }

    public Sampler Sampler { get; } = new();

    /// <summary>Takes these entries from now on. An entry that cannot be right is named on the health board and left out; the others run.</summary>
    public void Use(Settings settings, GatewaySections sections)
    {
        List<(SensorDevice, SensorEntry?, TimeSpan)> devices = [];
        if (settings.HasSensors("host"))
        {
            Add(devices, HostSensors.Discover(wiring.Root), settings.SampleInterval);
        }

        if (settings.HasSensors("sim"))
        {
            Add(devices, SimulatedSensor.Greenhouse(), settings.SampleInterval);
        }

        List<(string Id, FaultReport Why)> refused = [];
        foreach (SensorEntry entry in sections.Sensors)
        {
            try
            {
                SensorDevice device = Drivers.Find(entry.Driver)!.Create(entry, wiring);
                devices.Add((device, entry, entry.Every ?? settings.SampleInterval));
            }
            catch (FaultException e)
            {
                refused.Add((entry.Id, e.Report));
            }
        }

        described = sections;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            Halt();
            faults.Clear();
            health.ClearWhere(static topic => topic.StartsWith("limit:", StringComparison.Ordinal));
            foreach ((string id, FaultReport why) in refused)
            {
                health.Set(SensorFaults.Topic(id), why);
            }

            Sampler.Use(devices);
            Start();
        }
    }

    /// <summary>The latest good value of a sensor, for drivers that compensate with it; null when there is none.</summary>
    public double? ValueOf(string sensorId) =>
        Sampler.Find(sensorId, Now()) is { Quality: Quality.Good } reading ? reading.Value : null;

    /// <summary>Looks what is wired to the machine; sensors that run go on between its questions.</summary>
    /// <exception cref="FaultException">A name is none of an I2C bus, or a bus is in use for too long.</exception>
    public ScanReport Scan(IReadOnlyList<string> buses) => new SensorScan(
        wiring, described?.Sensors ?? [], described?.Display is { } display ? (display.Bus, display.Address) : null, Turn).Run(buses);

    /// <summary>Reads a device now, within <see cref="Turn"/> of <paramref name="lane"/>; null when there is no such device on that lane any more.</summary>
    public SensorTrial? TryNow(string id, string lane) => Sampler.DeviceOf(id)?.Lane == lane ? Sampler.Try(id, Now()) : null;

    /// <summary>Runs something while no sensor of a lane is being read and no other entries are taken.</summary>
    /// <exception cref="FaultException">The lane is in use for too long.</exception>
    public void Turn(string lane, Action action)
    {
        lock (gate)
        {
            Lock turn = TurnOf(lane);
            if (!turn.TryEnter(LongestTurn))
            {
                throw Faults.LaneBusy.With(lane).ToException();
            }

            try
            {
                action();
            }
            finally
            {
                turn.Exit();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            Halt();
            Sampler.Sampled -= faults.Note;
            Sampler.LaneAsked -= Wake;
            Sampler.Dispose();
        }
    }

    static void Add(List<(SensorDevice, SensorEntry?, TimeSpan)> devices, IEnumerable<Sensor> sensors, TimeSpan every)
    {
        foreach (Sensor sensor in sensors)
        {
            devices.Add((new SingleSensor(sensor, "host"), null, every));
        }
    }

    void Start()
    {
        ManualResetEvent mine = stop;
        Dictionary<string, AutoResetEvent> events = new(StringComparer.Ordinal);
        foreach (string lane in Sampler.Lanes)
        {
            events[lane] = new AutoResetEvent(false);
        }

        wakes = events;
        foreach ((string lane, AutoResetEvent wake) in events)
        {
            Thread thread = new(() => Run(lane, mine, wake), 256 * 1024) { IsBackground = true, Name = "sensors " + lane };
            lanes.Add(thread);
            thread.Start();
        }
    }

    void Halt()
    {
        stop.Set();
        foreach (Thread thread in lanes)
        {
            thread.Join(Patience);
        }

        (lanes, stop) = ([], new ManualResetEvent(false));
    }

    void Run(string lane, ManualResetEvent stopped, AutoResetEvent wake)
    {
        WaitHandle[] waits = [stopped, wake];
        long next = 0;
        while (next != long.MaxValue && WaitHandle.WaitAny(waits, Until(next)) != 0)
        {
            lock (TurnOf(lane))
            {
                next = Sampler.Sample(lane, Now(), Monotonic());
            }
        }
    }

    // A device asks to be read before its time.
    void Wake(string lane)
    {
        if (wakes.TryGetValue(lane, out AutoResetEvent? wake))
        {
            wake.Set();
        }
    }

    Lock TurnOf(string lane) => turns.GetOrAdd(lane, static _ => new Lock());

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    TimeSpan Until(long next) => TimeSpan.FromMilliseconds(Math.Clamp(next - Monotonic(), 0, int.MaxValue));

    long Monotonic() => (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency));
}
