namespace MeshIoT.NetStack;

/// <summary>Puts an IP header before a payload and a transport checksum into it.</summary>
internal static class IpWriter
{
    public static int HeaderSize(int addressLength)
    {
        return addressLength == 4 ? Ipv4Header.Size : Ipv6Header.Size;
    }

    /// <summary>Writes the IP header before a payload already at its place, and the payload's checksum over the pseudo header; returns the packet's length.</summary>
    public static int Finish(byte[] output, int at, byte[] source, int sourceAt, byte[] destination, int destinationAt, int addressLength, int protocol, int payloadLength, int checksumAt)
    {
        int header = HeaderSize(addressLength), payloadAt = at + header;
        if (addressLength == 4)
        {
            Ipv4Header.Write(output, at, source, sourceAt, destination, destinationAt, protocol, payloadLength);
        }
        else
        {
            Ipv6Header.Write(output, at, source, sourceAt, destination, destinationAt, protocol, payloadLength);
        }

        BigEndian.Put16(output, payloadAt + checksumAt, 0);
        ulong sum = protocol == IpPacket.ProtocolIcmp
            ? 0
            : Checksum.PseudoHeader(source, sourceAt, destination, destinationAt, addressLength, protocol, payloadLength);
        int checksum = Checksum.Finish(Checksum.Add(sum, output, payloadAt, payloadLength));
        if (protocol == IpPacket.ProtocolUdp && checksum == 0)
        {
            checksum = 0xFFFF;
        }

        BigEndian.Put16(output, payloadAt + checksumAt, checksum);
        return header + payloadLength;
    }
}
