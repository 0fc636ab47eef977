using System;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>A person or service that owns nodes. control-plane.md section 4.</summary>
public sealed record User
{
    /// <summary>Never reused; may exceed 2^53.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long ID { get; set; }

    /// <summary>Name to show.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string DisplayName { get => field; set => field = value ?? ""; } = "";

    /// <summary>Picture to show.</summary>
    public string? ProfilePicURL { get; set; }

    /// <summary>When the user first came.</summary>
    public DateTimeOffset? Created { get; set; }
}
