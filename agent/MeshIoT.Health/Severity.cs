namespace MeshIoT.Health;

/// <summary>How much a fault hurts the person who owns the gateway.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is impaired.</summary>
    Low,

    /// <summary>Something is impaired, the gateway still does its work.</summary>
    Medium,

    /// <summary>The gateway cannot do its work until this is mended.</summary>
    High,
}
