namespace MeshIoT.Sensors;

/// <summary>Where a value stands to the limits of its entry.</summary>
public enum AlarmState
{
    /// <summary>Within its limits, or it has none.</summary>
    None,

    /// <summary>Below <see cref="QuantityEntry.Low"/>.</summary>
    Low,

    /// <summary>Above <see cref="QuantityEntry.High"/>.</summary>
    High,
}
