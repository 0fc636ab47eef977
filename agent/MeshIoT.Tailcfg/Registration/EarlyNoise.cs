using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>What a coordinator may say inside Noise before HTTP/2 begins. control-plane.md section 3.4.</summary>
public sealed record EarlyNoise
{
    /// <summary>Challenge key, <c>chalpub:</c> and 64 hex digits; no current client answers it.</summary>
    [JsonPropertyName("nodeKeyChallenge")]
    public string? NodeKeyChallenge { get; set; }
}
