namespace MeshIoT.Sensors.Scan;

/// <summary>Something that a scan met.</summary>
/// <param name="Bus">Where: <c>i2c-1</c>, <c>w1</c>, <c>iio</c>.</param>
/// <param name="Address">Its I2C address; null on other buses.</param>
/// <param name="State">What is known of it.</param>
public sealed record FoundDevice(string Bus, int? Address, FoundState State)
{
    /// <summary>The driver for it; null: none known.</summary>
    public string? Driver { get; init; }

    /// <summary>The id that an entry may have, or of the entry that reads it already; null: none.</summary>
    public string? Id { get; init; }

    /// <summary>What more there is to say.</summary>
    public string Note { get; init; } = "";
}
