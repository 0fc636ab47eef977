namespace MeshIoT.WireGuard.Tests;

/// <summary>What an eavesdropper can tell about a datagram.</summary>
enum PacketKind
{
    Initiation,
    Response,
    CookieReply,
    Keepalive,
    Data,
}
