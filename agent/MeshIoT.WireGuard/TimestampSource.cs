namespace MeshIoT.WireGuard;

/// <summary>Where initiations get their timestamps from.</summary>
public abstract class TimestampSource
{
    /// <summary>Writes the next TAI64N label, 12 bytes; it must be greater than every one this static key ever sent. WireGuard paper, section 5.1.</summary>
    public abstract void Next(byte[] output, int offset);
}
