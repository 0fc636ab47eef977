namespace MeshIoT.Tailcfg;

/// <summary>One address of the coordinator. control-plane.md section 5.3.</summary>
public sealed record ControlIPCandidate
{
    /// <summary>Address.</summary>
    public string? IP { get; set; }

    /// <summary>Name of a proxy host to go through.</summary>
    public string? ACEHost { get; set; }

    /// <summary>Wait before dialling.</summary>
    public double DialStartDelaySec { get; set; }

    /// <summary>Give up after.</summary>
    public double DialTimeoutSec { get; set; }

    /// <summary>Greater wins.</summary>
    public int Priority { get; set; }
}
