namespace MeshIoT.Sensors;

/// <summary>One value that can be read. A driver derives from this; drivers are registered at compile time.</summary>
public abstract class Sensor
{
    /// <summary>Describes the sensor to whoever lists it.</summary>
    protected Sensor(SensorDescription description) => Description = description;

    /// <summary>What this sensor is.</summary>
    public SensorDescription Description { get; }

    /// <summary>
    /// Reads the value now. False when the hardware does not answer or answers nonsense; the value is then meaningless.
    /// Never NaN or infinite, never throws for a faulty sensor.
    /// </summary>
    /// <param name="unixMs">The time of this sample, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="value">The value in <see cref="SensorDescription.Unit"/>.</param>
    public abstract bool TryRead(long unixMs, out double value);
}
