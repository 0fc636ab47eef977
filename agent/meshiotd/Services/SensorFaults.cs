using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Sensors;

namespace MeshIoT.Agent.Services;

/// <summary>
/// Keeps on the health board what is wrong with sensors: a line for each device, not for each of its values, and for as long as one of them is bad.
/// A device that works and has nothing to give now is no fault of the gateway.
/// </summary>
internal sealed class SensorFaults(FaultBoard<string> health)
{
    readonly Lock gate = new();
    readonly Dictionary<string, Dictionary<string, FaultReport>> bad = new(StringComparer.Ordinal);

    /// <summary>The topic of a device on the health board and among alerts.</summary>
    public static string Topic(string device) => "sensor:" + device;

    /// <summary>Other devices are there from now on.</summary>
    public void Clear()
    {
        lock (gate)
        {
            bad.Clear();
            health.ClearWhere(static topic => topic.StartsWith("sensor:", StringComparison.Ordinal));
        }
    }

    /// <summary>Takes what was read.</summary>
    public void Note(IReadOnlyList<Reading> readings)
    {
        foreach (Reading reading in readings)
        {
            Note(reading.Sensor, reading.Problem is { Fault.Severity: not Severity.Low } problem ? problem : null);
        }
    }

    void Note(SensorDescription sensor, FaultReport? problem)
    {
        lock (gate)
        {
            if (!bad.TryGetValue(sensor.Device, out Dictionary<string, FaultReport>? of))
            {
                if (problem is null)
                {
                    return;
                }

                bad[sensor.Device] = of = new(StringComparer.Ordinal);
            }

            if (problem is not null)
            {
                of[sensor.Id] = problem;
                health.Set(Topic(sensor.Device), problem);
            }
            else if (of.Remove(sensor.Id))
            {
                if (of.Count == 0)
                {
                    bad.Remove(sensor.Device);
                }

                foreach (FaultReport other in of.Values)
                {
                    problem = other;
                }

                health.Show(Topic(sensor.Device), problem);
            }
        }
    }
}
