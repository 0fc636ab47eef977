namespace MeshIoT.WireGuard;

/// <summary>First byte of a WireGuard datagram. WireGuard paper, section 5.4.</summary>
public enum MessageType
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>Handshake initiation, 148 bytes, section 5.4.2.</summary>
    Initiation = 1,

    /// <summary>Handshake response, 92 bytes, section 5.4.3.</summary>
    Response = 2,

    /// <summary>Cookie reply, 64 bytes, section 5.4.7.</summary>
    CookieReply = 3,

    /// <summary>Transport data, 32 bytes (a keepalive) or more, section 5.4.6.</summary>
    Transport = 4,
}
