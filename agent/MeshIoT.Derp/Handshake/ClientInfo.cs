using System.Text.Json.Serialization;

namespace MeshIoT.Derp;

/// <summary>What a client tells the relay of itself, inside the box. Unknown members are ignored.</summary>
public sealed record ClientInfo
{
    /// <summary>Protocol version.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(0), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Version { get; set; } = DerpFrames.ProtocolVersion;

    /// <summary>The client answers pings.</summary>
    [JsonPropertyOrder(1)]
    public bool CanAckPings { get; set; }

    /// <summary>64 hex digits that relays of one region share; null for everybody else. A secret: never printed.</summary>
    [JsonPropertyName("meshKey"), JsonPropertyOrder(2)]
    public string? MeshKey { get; set; }

    /// <summary>A program that measures, not a node.</summary>
    [JsonPropertyOrder(3)]
    public bool IsProber { get; set; }

    /// <summary>The program's name, where it tells one.</summary>
    [JsonPropertyOrder(4)]
    public string? AppName { get; set; }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"version {Version}, {(MeshKey is null ? "client" : "relay")}";
}
