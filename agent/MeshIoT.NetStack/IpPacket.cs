namespace MeshIoT.NetStack;

/// <summary>Where the parts of a received packet lie. One object, filled again for each packet.</summary>
internal sealed class IpPacket
{
    public const int ProtocolIcmp = 1, ProtocolTcp = 6, ProtocolUdp = 17, ProtocolIcmp6 = 58;

    public byte[] Bytes = new byte[0];
    public int Offset, Length;
    public int AddressLength;
    public int SourceAt, DestinationAt;
    public int Protocol;
    public int PayloadAt, PayloadLength;

    /// <summary>Reads the header and finds the payload; None, or why the packet is to be dropped.</summary>
    public DropReason Parse(byte[] bytes, int offset, int length)
    {
        Bytes = bytes;
        Offset = offset;
        if (length < 1)
        {
            return DropReason.NotIp;
        }

        int version = bytes[offset] >> 4;
        return version == 4 ? Ipv4Header.Parse(this, length) : version == 6 ? Ipv6Header.Parse(this, length) : DropReason.NotIp;
    }

    /// <summary>The unfolded checksum over pseudo header and payload.</summary>
    public ulong TransportSum()
    {
        ulong pseudo = Checksum.PseudoHeader(Bytes, SourceAt, Bytes, DestinationAt, AddressLength, Protocol, PayloadLength);
        return Checksum.Add(pseudo, Bytes, PayloadAt, PayloadLength);
    }
}
