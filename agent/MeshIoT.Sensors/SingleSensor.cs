using System;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>A <see cref="Sensor"/> as a device of one value.</summary>
public sealed class SingleSensor(Sensor sensor, string lane) : SensorDevice([sensor.Description], lane)
{
    /// <inheritdoc/>
    public override FaultReport? Read(long unixMs, Span<double> values)
    {
        bool isGood = sensor.TryRead(unixMs, out double value) && double.IsFinite(value);
        values[0] = isGood ? value : double.NaN;
        return isGood ? null : Faults.SensorSilent.With(sensor.Description.Id, "it gives no usable value");
    }
}
