namespace MeshIoT.Sensors.Scan;

/// <summary>What a scan knows of something it met.</summary>
public enum FoundState
{
    /// <summary>Its identification says which driver reads it, and no entry does yet.</summary>
    New,

    /// <summary>Something is there, and the address alone speaks for this driver.</summary>
    Likely,

    /// <summary>Something is there that no driver knows.</summary>
    Unknown,

    /// <summary>An entry reads it already; it was not touched.</summary>
    Configured,

    /// <summary>A driver of the kernel has it; it was not touched.</summary>
    Kernel,
}
