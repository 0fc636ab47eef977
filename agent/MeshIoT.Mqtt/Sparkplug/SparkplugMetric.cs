namespace MeshIoT.Mqtt.Sparkplug;

/// <summary>A metric of a Sparkplug B payload, as far as a gateway sends them: doubles, a 64-bit number or a flag.</summary>
/// <param name="Name">Name; the last level of the value's topic.</param>
/// <param name="UnixMs">When it was so, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Type">Data type of the specification.</param>
internal sealed record SparkplugMetric(string Name, long UnixMs, SparkplugType Type)
{
    /// <summary>The value of a <see cref="SparkplugType.Double"/>; null: there is none.</summary>
    public double? Number { get; init; }

    /// <summary>The value of a <see cref="SparkplugType.Int64"/> or <see cref="SparkplugType.UInt64"/>.</summary>
    public ulong Whole { get; init; }

    /// <summary>The value of a <see cref="SparkplugType.Boolean"/>.</summary>
    public bool Flag { get; init; }

    /// <summary>True for a value that comes later than it was read.</summary>
    public bool IsHistorical { get; init; }

    /// <summary>Engineering unit; said at births.</summary>
    public string Unit { get; init; } = "";
}

/// <summary>Data types of Sparkplug B 3.0, section 6.4.16.</summary>
internal enum SparkplugType
{
    Int64 = 4,
    UInt64 = 8,
    Double = 10,
    Boolean = 11,
    String = 12,
}
