using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>One sample of one sensor.</summary>
/// <param name="Sensor">Which sensor.</param>
/// <param name="Value">The last good value in the sensor's unit, or null if it never gave one.</param>
/// <param name="UnixMs">When that value was sampled, milliseconds since 1970-01-01 UTC; 0 if never.</param>
/// <param name="Quality">How far to trust it.</param>
public sealed record Reading(SensorDescription Sensor, double? Value, long UnixMs, Quality Quality)
{
    /// <summary>Why there is no good value; null while there is one.</summary>
    public FaultReport? Problem { get; init; }

    /// <summary>Where the value stands to its limits.</summary>
    public AlarmState Alarm { get; init; }
}
