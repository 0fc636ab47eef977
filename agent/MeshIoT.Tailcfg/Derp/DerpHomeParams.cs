using System.Collections.Generic;

namespace MeshIoT.Tailcfg;

/// <summary>Weights for the choice of the home relay. control-plane.md section 5.5.</summary>
public sealed record DerpHomeParams
{
    /// <summary>Region id → factor on its latency; below 1 is preferred.</summary>
    public IReadOnlyDictionary<int, double>? RegionScore { get; set; }
}
