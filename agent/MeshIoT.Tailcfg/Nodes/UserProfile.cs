using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>What others may see of a user. control-plane.md section 5.3.</summary>
public sealed record UserProfile
{
    /// <summary>User id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long ID { get; set; }

    /// <summary>Login name, often an e-mail address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string LoginName { get => field; set => field = value ?? ""; } = "";

    /// <summary>Name to show.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string DisplayName { get => field; set => field = value ?? ""; } = "";

    /// <summary>Picture to show.</summary>
    public string? ProfilePicURL { get; set; }

    /// <summary>Groups the user belongs to.</summary>
    public IReadOnlyList<string>? Groups { get; set; }
}
