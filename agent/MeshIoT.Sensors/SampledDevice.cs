using System;
using System.Collections.Generic;
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

    /// <summary>The last readings, one a channel; each is replaced as a whole.</summary>
    public Reading[] Latest { get; }

    /// <summary>Reads it and adds to <paramref name="reports"/> what is worth passing on.</summary>
    public void Read(long unixMs, List<Reading> reports)
    {
        raw.AsSpan().Fill(double.NaN);
        FaultReport? fault = device.Read(unixMs, raw);
        for (int i = 0; i < raw.Length; i++)
        {
            double value = (raw[i] * lines[i].Factor) + lines[i].Summand;
            Reading last = Latest[i];
            Reading next = double.IsFinite(value)
                ? new Reading(last.Sensor, Math.Round(value, 6), unixMs, Quality.Good) { Alarm = limits[i]?.Judge(value, unixMs) ?? AlarmState.None }
                : last with { Quality = Quality.Bad, Problem = fault ?? Missing(last.Sensor.Id, raw[i]) };
            System.Threading.Volatile.Write(ref Latest[i], next);
            if (filters[i]?.Passes(last, next) ?? true)
            {
                reports.Add(next);
            }
        }
    }

    static FaultReport Missing(string id, double raw) =>
        double.IsNaN(raw) ? Faults.SensorSilent.With(id, "it gives no value") : Faults.SensorNonsense.With(id, "the value is beyond all numbers");

    public void Dispose() => device.Dispose();

    void Describe(int channel, SensorDescription sensor, QuantityEntry says)
    {
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
