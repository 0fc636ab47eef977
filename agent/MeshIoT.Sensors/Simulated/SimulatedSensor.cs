using System;

namespace MeshIoT.Sensors.Simulated;

/// <summary>
/// A repeatable waveform in place of hardware: a sine of the wall clock, so that two readers of the same instant agree.
/// Always marked as simulated.
/// </summary>
public sealed class SimulatedSensor : Sensor
{
    readonly double middle, swing;
    readonly long periodMs;

    /// <summary>Describes the wave: <c>middle + swing × sin(2π t / period)</c>, rounded to two decimals.</summary>
    /// <param name="id">Sensor id.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="quantity">What it pretends to measure.</param>
    /// <param name="unit">Unit of the value.</param>
    /// <param name="middle">Mean value.</param>
    /// <param name="swing">Amplitude.</param>
    /// <param name="period">Length of one wave; at least one second.</param>
    public SimulatedSensor(string id, string name, string quantity, string unit, double middle, double swing, TimeSpan period)
        : base(new(id, name, "sim", quantity, unit, Simulated: true))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.FromSeconds(1));
        (this.middle, this.swing, periodMs) = (middle, swing, (long)period.TotalMilliseconds);
    }

    /// <inheritdoc/>
    public override bool TryRead(long unixMs, out double value)
    {
        long phase = ((unixMs % periodMs) + periodMs) % periodMs;
        value = Math.Round(middle + (swing * Math.Sin(2 * Math.PI * phase / periodMs)), 2);
        return true;
    }

    /// <summary>The two sensors a demo shows: a greenhouse's air temperature and humidity.</summary>
    public static Sensor[] Greenhouse() =>
    [
        new SimulatedSensor("sim.air_temperature", "Greenhouse air (simulated)", "temperature", "°C", 21, 4, TimeSpan.FromMinutes(2)),
        new SimulatedSensor("sim.air_humidity", "Greenhouse humidity (simulated)", "humidity", "%", 60, 15, TimeSpan.FromMinutes(3)),
    ];
}
