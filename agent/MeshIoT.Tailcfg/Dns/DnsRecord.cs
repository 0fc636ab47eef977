using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>An extra A or AAAA record. control-plane.md section 5.6.</summary>
public sealed record DnsRecord
{
    /// <summary>Full name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Name { get => field; set => field = value ?? ""; } = "";

    /// <summary><c>A</c>, <c>AAAA</c>, or null for whichever fits the value.</summary>
    public string? Type { get; set; }

    /// <summary>Address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Value { get => field; set => field = value ?? ""; } = "";
}
