using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>Who logs in; one of the fields is set. control-plane.md section 5.9.</summary>
public sealed record SshPrincipal
{
    /// <summary>Stable id of a node.</summary>
    [JsonPropertyName("node")]
    public string? Node { get; set; }

    /// <summary>Address of a node.</summary>
    [JsonPropertyName("nodeIP")]
    public string? NodeIP { get; set; }

    /// <summary>Login name of a user.</summary>
    [JsonPropertyName("userLogin")]
    public string? UserLogin { get; set; }

    /// <summary>Anybody.</summary>
    [JsonPropertyName("any")]
    public bool Any { get; set; }
}
