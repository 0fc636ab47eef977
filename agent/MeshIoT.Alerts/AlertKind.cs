namespace MeshIoT.Alerts;

/// <summary>What a notice says of its alert.</summary>
public enum AlertKind
{
    /// <summary>It has begun.</summary>
    Raised,

    /// <summary>It goes on.</summary>
    Still,

    /// <summary>It is over.</summary>
    Over,
}
