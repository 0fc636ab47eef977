using System;

namespace MeshIoT.Node.Engine;

/// <summary>
/// Which packets let their sender expect something back soon: TCP segments that take sequence numbers, echo requests, and datagrams, which
/// may be questions. An acknowledgement, a reset or an echo reply asks for nothing. RFC 9293 section 3.4.
/// </summary>
internal static class AnswerExpectation
{
    const byte TcpProtocol = 6, UdpProtocol = 17, Syn = 2, Fin = 1, Reset = 4, EchoRequest4 = 8, EchoRequest6 = 128;
    const int LeastTcpHeader = 20, FlagsAt = 13, OffsetAt = 12;

    /// <summary>Whether this one does.</summary>
    public static bool Of(in IPPacket packet)
    {
        ReadOnlySpan<byte> payload = packet.Payload;
        return packet.Protocol switch
        {
            TcpProtocol => payload.Length >= LeastTcpHeader && (payload[FlagsAt] & Reset) == 0
                && ((payload[FlagsAt] & (Syn | Fin)) != 0 || payload.Length > (payload[OffsetAt] >> 4) * 4),
            UdpProtocol or IPPacket.Tsmp => true,
            IPPacket.Icmp => payload.Length > 0 && payload[0] == EchoRequest4,
            IPPacket.IcmpV6 => payload.Length > 0 && payload[0] == EchoRequest6,
            _ => false,
        };
    }
}
