using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>Where relays are. control-plane.md section 5.5.</summary>
public sealed record DerpMap
{
    /// <summary>Weights for the choice of the home relay.</summary>
    public DerpHomeParams? HomeParams { get; set; }

    /// <summary>Region id → region; null deletes one. 900-999 are for private regions.</summary>
    public IReadOnlyDictionary<int, DerpRegion?>? Regions { get; set; }

    /// <summary>Leave out the regions built into the client.</summary>
    [JsonPropertyName("omitDefaultRegions")]
    public bool OmitDefaultRegions { get; set; }
}
