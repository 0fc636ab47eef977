using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>A way a user proves who they are. Every member but the picture is always written. control-plane.md section 4.</summary>
public sealed record Login
{
    /// <summary>Never reused; may exceed 2^53.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long ID { get; set; }

    /// <summary>Identity provider; may be empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Provider { get => field; set => field = value ?? ""; } = "";

    /// <summary>Login name, often an e-mail address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string LoginName { get => field; set => field = value ?? ""; } = "";

    /// <summary>Name to show.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string DisplayName { get => field; set => field = value ?? ""; } = "";

    /// <summary>Picture to show.</summary>
    public string? ProfilePicURL { get; set; }
}
