namespace MeshIoT.WireGuard;

/// <summary>Where the fields of a handshake response lie. WireGuard paper, section 5.4.3.</summary>
internal static class ResponseMessage
{
    public const int SenderAt = 4, ReceiverAt = 8, EphemeralAt = 12, EmptyAt = 44, Mac1At = 60, Mac2At = 76, Size = 92;
}
