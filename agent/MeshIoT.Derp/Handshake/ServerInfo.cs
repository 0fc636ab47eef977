using System.Text.Json.Serialization;

namespace MeshIoT.Derp;

/// <summary>What the relay tells a client, inside the box. Unknown members are ignored.</summary>
public sealed record ServerInfo
{
    /// <summary>Protocol version.</summary>
    [JsonPropertyName("version"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Version { get; set; } = DerpFrames.ProtocolVersion;

    /// <summary>How many bytes a second the relay takes of this client, frames and headers counted; 0 = it does not say.</summary>
    public long TokenBucketBytesPerSecond { get; set; }

    /// <summary>How many bytes at once.</summary>
    public long TokenBucketBytesBurst { get; set; }
}
