namespace MeshIoT.Sensors;

/// <summary>How far a reading can be trusted.</summary>
public enum Quality
{
    /// <summary>Nothing was read yet.</summary>
    None,

    /// <summary>Read when it was due.</summary>
    Good,

    /// <summary>The last good value, older than three sampling intervals.</summary>
    Stale,

    /// <summary>The sensor does not answer or answers nonsense; the value is the last good one, if there was one.</summary>
    Bad,
}

/// <summary>One sample of one sensor.</summary>
/// <param name="Sensor">Which sensor.</param>
/// <param name="Value">The last good value in the sensor's unit, or null if it never gave one.</param>
/// <param name="UnixMs">When that value was sampled, milliseconds since 1970-01-01 UTC; 0 if never.</param>
/// <param name="Quality">How far to trust it.</param>
public sealed record Reading(SensorDescription Sensor, double? Value, long UnixMs, Quality Quality);
