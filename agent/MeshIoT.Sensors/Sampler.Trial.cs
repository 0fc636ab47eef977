using System;
using System.Collections.Generic;
using MeshIoT.Health;
using MeshIoT.Sensors.Scan;

namespace MeshIoT.Sensors;

/// <content>Readings that a person asks for.</content>
public sealed partial class Sampler
{
    /// <summary>The device that an id names, its own or that of one of its values: its id, its driver, its lane. Null: there is none.</summary>
    public (string Id, string Driver, string Lane)? DeviceOf(string id) =>
        Named(id) is { } device ? (device.Latest[0].Sensor.Device, device.Latest[0].Sensor.Driver, device.Lane) : null;

    /// <summary>Reads the device that <paramref name="id"/> names now, due or not, and says what its driver gave. Only while nobody samples its lane.</summary>
    /// <param name="id">As in <see cref="DeviceOf"/>.</param>
    /// <param name="unixMs">Now, milliseconds since 1970-01-01 UTC.</param>
    /// <returns>Null when there is no such device.</returns>
    public SensorTrial? Try(string id, long unixMs)
    {
        if (Named(id) is not { } device)
        {
            return null;
        }

        List<Reading> reports = [];
        FaultReport? fault = device.Read(unixMs, reports);
        Report(reports);
        TrialValue[] values = new TrialValue[device.Latest.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new TrialValue(device.Raw[i], device.RawUnit(i), device.Latest[i]);
        }

        return new SensorTrial(values, fault ?? FirstProblem(values));
    }

    static FaultReport? FirstProblem(TrialValue[] values) => Array.Find(values, v => v.Reading.Problem is not null)?.Reading.Problem;

    SampledDevice? Named(string id)
    {
        foreach (SampledDevice device in devices)
        {
            if (device.Latest[0].Sensor.Device == id || Array.Exists(device.Latest, r => r.Sensor.Id == id))
            {
                return device;
            }
        }

        return null;
    }
}
