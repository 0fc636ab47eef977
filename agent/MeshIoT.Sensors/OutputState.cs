using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>An output as it is now.</summary>
/// <param name="Output">Which output.</param>
/// <param name="Value">What it is set to; null when nobody has set it, or when the last attempt failed and nobody knows.</param>
/// <param name="UnixMs">When it was set, milliseconds since 1970-01-01 UTC; 0: never.</param>
/// <param name="Who">Who set it: "cli", "mqtt", "rest", "start", "time over" …</param>
public sealed record OutputState(OutputDescription Output, double? Value, long UnixMs, string Who)
{
    /// <summary>When it goes back to its safe value by itself; null: not.</summary>
    public long? UntilUnixMs { get; init; }

    /// <summary>Why it could not be set; null while all is well.</summary>
    public FaultReport? Problem { get; init; }
}
