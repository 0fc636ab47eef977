namespace MeshIoT.Provisioning;

/// <summary>How much of a QR code may be dirty and it still reads. ISO/IEC 18004 section 6.</summary>
public enum QrErrorLevel
{
    /// <summary>About 7 %.</summary>
    Low,

    /// <summary>About 15 %.</summary>
    Medium,

    /// <summary>About 25 %.</summary>
    Quartile,

    /// <summary>About 30 %.</summary>
    High,
}
