using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>A place with relays that know of each other. control-plane.md section 5.5.</summary>
public sealed record DerpRegion
{
    /// <summary>Equals its key in the map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int RegionID { get; set; }

    /// <summary>Short name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string RegionCode { get => field; set => field = value ?? ""; } = "";

    /// <summary>Name to show.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string RegionName { get => field; set => field = value ?? ""; } = "";

    /// <summary>Degrees north.</summary>
    public double Latitude { get; set; }

    /// <summary>Degrees east.</summary>
    public double Longitude { get; set; }

    /// <summary>Not to be chosen as home (old form).</summary>
    public bool Avoid { get; set; }

    /// <summary>Not to be measured nor chosen as home.</summary>
    public bool NoMeasureNoHome { get; set; }

    /// <summary>The relays.</summary>
    public IReadOnlyList<DerpNode>? Nodes { get; set; }
}
