using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>What happens to a login. control-plane.md section 5.9.</summary>
public sealed record SshAction
{
    /// <summary>Shown to the person.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; set; }

    /// <summary>The login is refused.</summary>
    [JsonPropertyName("reject")]
    public bool Reject { get; set; }

    /// <summary>The login is let in.</summary>
    [JsonPropertyName("accept")]
    public bool Accept { get; set; }

    /// <summary>How long the session may last, in nanoseconds; 0 = without end.</summary>
    [JsonPropertyName("sessionDuration")]
    public long SessionDuration { get; set; }

    /// <summary>Forwarding of the key agent is allowed.</summary>
    [JsonPropertyName("allowAgentForwarding")]
    public bool AllowAgentForwarding { get; set; }

    /// <summary>URL that is asked over the control connection for the next action, after its $ names were filled in.</summary>
    [JsonPropertyName("holdAndDelegate")]
    public string? HoldAndDelegate { get; set; }

    /// <summary>Forwarding of ports from the client is allowed.</summary>
    [JsonPropertyName("allowLocalPortForwarding")]
    public bool AllowLocalPortForwarding { get; set; }

    /// <summary>Forwarding of ports to the client is allowed.</summary>
    [JsonPropertyName("allowRemotePortForwarding")]
    public bool AllowRemotePortForwarding { get; set; }

    /// <summary>Addresses of session recorders.</summary>
    [JsonPropertyName("recorders")]
    public IReadOnlyList<string>? Recorders { get; set; }

    /// <summary>What to do when recording fails, raw JSON.</summary>
    [JsonPropertyName("onRecordingFailure")]
    public JsonElement? OnRecordingFailure { get; set; }
}
