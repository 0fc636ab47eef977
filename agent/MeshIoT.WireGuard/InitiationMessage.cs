namespace MeshIoT.WireGuard;

/// <summary>Where the fields of a handshake initiation lie. WireGuard paper, section 5.4.2.</summary>
internal static class InitiationMessage
{
    public const int SenderAt = 4, EphemeralAt = 8, StaticAt = 40, TimestampAt = 88, Mac1At = 116, Mac2At = 132, Size = 148;
    public const int SealedStaticSize = 48, SealedTimestampSize = 28;
}
