namespace MeshIoT.Tailcfg;

/// <summary>A link below a <see cref="DisplayMessage"/>.</summary>
public sealed record DisplayMessageAction
{
    /// <summary>Where it leads.</summary>
    public string? URL { get; set; }

    /// <summary>Its words.</summary>
    public string? Label { get; set; }
}
