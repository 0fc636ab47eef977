namespace MeshIoT.NetStack;

/// <summary>
/// ICMP errors about our own packets. They can be forged, so they only count if the quoted segment is one in flight
/// (RFC 5927 section 4), and they end nothing but an attempt to connect (RFC 5461).
/// </summary>
public sealed partial class NetStack
{
    DropReason ReceiveIcmpError(bool hard, int pathMtu)
    {
        byte[] bytes = packet.Bytes;
        int at = packet.PayloadAt + IcmpHeader, left = packet.PayloadLength - IcmpHeader;
        int addressLength = packet.AddressLength, header = IpWriter.HeaderSize(addressLength);
        if (left < header + 8 || bytes[at] >> 4 != (addressLength == 4 ? 4 : 6))
        {
            return DropReason.Truncated;
        }

        int protocol = bytes[at + (addressLength == 4 ? 9 : 6)];
        int sourceAt = at + (addressLength == 4 ? 12 : 8), destinationAt = sourceAt + addressLength;
        if (addressLength == 4)
        {
            header = (bytes[at] & 15) * 4;
            if (header < Ipv4Header.Size || left < header + 8)
            {
                return DropReason.BadHeader;
            }
        }

        if (protocol != IpPacket.ProtocolTcp || FindAddress(bytes, sourceAt, addressLength) < 0)
        {
            return DropReason.IcmpIgnored;
        }

        int tcpAt = at + header;
        TcpSocket? socket = connections.Find(bytes, destinationAt, addressLength, BigEndian.U16(bytes, tcpAt + 2), bytes, sourceAt, BigEndian.U16(bytes, tcpAt));
        if (socket == null || !socket.IsInFlight(BigEndian.U32(bytes, tcpAt + 4)))
        {
            return DropReason.IcmpIgnored;
        }

        socket.ArriveIcmpError(hard, pathMtu);
        return DropReason.None;
    }
}
