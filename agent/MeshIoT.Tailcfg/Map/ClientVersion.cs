namespace MeshIoT.Tailcfg;

/// <summary>Whether the node's program is current. control-plane.md section 5.3.</summary>
public sealed record ClientVersion
{
    /// <summary>It is.</summary>
    public bool RunningLatest { get; set; }

    /// <summary>Which one would be.</summary>
    public string? LatestVersion { get; set; }

    /// <summary>The newer one mends a security fault.</summary>
    public bool UrgentSecurityUpdate { get; set; }

    /// <summary>Tell the person.</summary>
    public bool Notify { get; set; }

    /// <summary>Where to read more.</summary>
    public string? NotifyURL { get; set; }

    /// <summary>What to tell.</summary>
    public string? NotifyText { get; set; }
}
