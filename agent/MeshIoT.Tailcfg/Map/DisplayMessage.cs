namespace MeshIoT.Tailcfg;

/// <summary>A message of the coordinator to the person at the node. control-plane.md section 5.3.</summary>
public sealed record DisplayMessage
{
    /// <summary>Headline.</summary>
    public string? Title { get; set; }

    /// <summary>Body.</summary>
    public string? Text { get; set; }

    /// <summary><c>high</c>, <c>medium</c> or <c>low</c>.</summary>
    public string? Severity { get; set; }

    /// <summary>The node cannot connect because of it.</summary>
    public bool ImpactsConnectivity { get; set; }

    /// <summary>What the person can do.</summary>
    public DisplayMessageAction? PrimaryAction { get; set; }
}
