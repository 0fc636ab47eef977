namespace MeshIoT.WireGuard.Tests;

/// <summary>A datagram as it passed the eavesdropper.</summary>
sealed record Captured(long AtMs, TestNode From, TestNode To, byte[] Bytes)
{
    public PacketKind Kind => Bytes[0] switch
    {
        1 => PacketKind.Initiation,
        2 => PacketKind.Response,
        3 => PacketKind.CookieReply,
        _ => Bytes.Length == 32 ? PacketKind.Keepalive : PacketKind.Data,
    };
}
