using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>Who may log in at a node by SSH: the first rule that fits decides, none = nobody. control-plane.md section 5.9.</summary>
public sealed record SshPolicy
{
    /// <summary>Rules in the order in which they are tried.</summary>
    [JsonPropertyName("rules")]
    public IReadOnlyList<SshRule>? Rules { get; set; }
}
