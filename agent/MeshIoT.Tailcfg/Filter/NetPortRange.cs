using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>A destination of a <see cref="FilterRule"/>. control-plane.md section 5.7.</summary>
public sealed record NetPortRange
{
    /// <summary>Address, prefix, range or <c>*</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string IP { get => field; set => field = value ?? ""; } = "";

    /// <summary>Old form of the prefix length; any makes the whole filter void.</summary>
    public int? Bits { get; set; }

    /// <summary>Ports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public PortRange Ports { get; set; }
}
