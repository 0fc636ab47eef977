using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>A device with what its entry says: how often, in which units, calibrated, and when a value is worth passing on. One thread at a time.</summary>
internal sealed class SampledDevice
{
    /// <summary>A value's way from the driver to the reader: <c>shown = raw × Factor + Summand</c>.</summary>
    readonly record struct Line(double Factor, double Summand);

    readonly Line[] lines;
    readonly double[] raw;
    readonly ReportFilter?[] filters;
    readonly LimitWatch?[] limits;
    readonly SensorDevice device;
    int isAsking;

    public SampledDevice(SensorDevice device, SensorEntry? entry, TimeSpan every)
    {
        (this.device, Entry, EveryMs) = (device, entry, (long)every.TotalMilliseconds);
        int count = device.Channels.Count;
        (lines, raw, filters, limits, Latest) = (new Line[count], new double[count], new ReportFilter?[count], new LimitWatch?[count], new Reading[count]);
        for (int i = 0; i < count; i++)
        {
            Describe(i, device.Channels[i], entry?.Of(device.Channels[i]) ?? new QuantityEntry());
        }
    }

    public SensorEntry? Entry { get; }

    public string Lane => device.Lane;

    public long EveryMs { get; }

    /// <summary>When it is to be read next, on the monotonic clock; milliseconds.</summary>
    public long DueMs { get; set; }

    /// <summary>When it was last read because it asked, on the monotonic clock; milliseconds.</summary>
    public long AskedMs { get; set; } = long.MinValue / 2;

    /// <summary>Id that its values have in common.</summary>
    public string Id => device.Channels[0].Device;

    /// <summary>True when it wants to be read before its time.</summary>
    public bool IsAsking => Volatile.Read(ref isAsking) != 0;

    /// <summary>The last readings, one a channel; each is replaced as a whole.</summary>
    public Reading[] Latest { get; }

    /// <summary>What the driver gave in the last reading, in its own units.</summary>
    public ReadOnlySpan<double> Raw => raw;

    /// <summary>The driver's unit of a value.</summary>
    public string RawUnit(int channel) => device.Channels[channel].Unit;

    /// <summary>Reads it and adds to <paramref name="reports"/> what is worth passing on.</summary>
    /// <returns>What the driver said went wrong.</returns>
    public FaultReport? Read(long unixMs, List<Reading> reports)
    {
        // Before the reading: what happens during it asks again.
        Volatile.Write(ref isAsking, 0);
        raw.AsSpan().Fill(double.NaN);
        FaultReport? fault = device.Read(unixMs, raw);
        for (int i = 0; i < raw.Length; i++)
        {
            double value = (raw[i] * lines[i].Factor) + lines[i].Summand;
            Reading last = Latest[i];
            long at = device.TimeOf(i, unixMs);
            if (at != unixMs && at == last.UnixMs && (last.Quality == Quality.Good || at == 0) && (fault is null || double.IsFinite(value)))
            {
                continue;
            }

            Reading next = double.IsFinite(value)
                ? new Reading(last.Sensor, Math.Round(value, 6), at, Quality.Good) { Alarm = limits[i]?.Judge(value, at) ?? AlarmState.None }
                : last with { Quality = Quality.Bad, Problem = fault ?? Missing(last.Sensor.Id, raw[i]) };
            Volatile.Write(ref Latest[i], next);
            if (filters[i]?.Passes(last, next) ?? true)
            {
                reports.Add(next);
            }
        }

        return fault;
    }

    static FaultReport Missing(string id, double raw) =>
        double.IsNaN(raw) ? Faults.SensorSilent.With(id, "it gives no value") : Faults.SensorNonsense.With(id, "the value is beyond all numbers");

    /// <summary>Has the device ask through <paramref name="asked"/>, which is called once for all it asks until it is read.</summary>
    public void Listen(Action<string> asked) => device.Asking = () =>
    {
        if (Interlocked.Exchange(ref isAsking, 1) == 0)
        {
            asked(device.Lane);
        }
    };

    /// <summary>Takes over from the device whose place it takes.</summary>
    public void TakeOver(SampledDevice before)
    {
        before.device.Asking = null;
        device.TakeOver(before.device);
    }

    public void Dispose()
    {
        device.Asking = null;
        device.Dispose();
    }

    void Describe(int channel, SensorDescription sensor, QuantityEntry says)
    {
        if (sensor.Room.Length == 0 && Entry?.Room is { Length: > 0 } room)
        {
            sensor = sensor with { Room = room };
        }

        (double factor, double summand) = (1, 0);
        if (says.Unit is { } unit && Units.TryConversion(sensor.Unit, unit, out factor, out summand))
        {
            sensor = sensor with { Unit = unit };
        }

        double scale = says.Scale ?? 1, offset = says.Offset ?? 0;
        lines[channel] = new Line(scale * factor, (offset * factor) + summand);
        Latest[channel] = new Reading(sensor, null, 0, Quality.None);
        if (LimitWatch.IsWanted(says))
        {
            limits[channel] = new LimitWatch(says);
        }

        if (says.ReportOnChange is { } change)
        {
            filters[channel] = new ReportFilter(change, (long)(1000 * (says.ReportAtLeastEverySeconds ?? 900)));
        }
    }
}
