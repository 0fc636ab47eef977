using System;

namespace MeshIoT.Node.Engine;

/// <summary>
/// Tailscale's ping inside the tunnel: it proves the tunnel even where the packet filter blocks everything, so every node
/// answers it. data-plane.md section 7.4.
/// </summary>
internal static class Tsmp
{
    const byte Ping = (byte)'p', Pong = (byte)'o';
    const int DataLength = 8, PongLength = 1 + DataLength + 2;

    /// <summary>The largest answer.</summary>
    public const int LargestReply = 40 + PongLength;

    /// <summary>Writes the pong for a ping; 0 when the packet is no ping. The PeerAPI port is 0: there is none.</summary>
    public static int TryReply(in IPPacket packet, Span<byte> output)
    {
        ReadOnlySpan<byte> payload = packet.Payload;
        if (packet.Protocol != IPPacket.Tsmp || payload.Length < 1 + DataLength || payload[0] != Ping)
        {
            return 0;
        }

        int header = IPPacket.WriteHeader(output, IPPacket.Tsmp, packet.Destination, packet.Source, PongLength);
        Span<byte> pong = output.Slice(header, PongLength);
        pong[0] = Pong;
        payload.Slice(1, DataLength).CopyTo(pong[1..]);
        pong[9] = pong[10] = 0;
        return header + PongLength;
    }
}
