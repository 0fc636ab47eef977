using System.Collections.Generic;

namespace MeshIoT.Tailcfg;

/// <summary>Addresses of the coordinator to try before its name is looked up. control-plane.md section 5.3.</summary>
public sealed record ControlDialPlan
{
    /// <summary>All are raced with their delays.</summary>
    public IReadOnlyList<ControlIPCandidate>? Candidates { get; set; }
}
