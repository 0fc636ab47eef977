namespace MeshIoT.WireGuard;

/// <summary>The few fields of an IP packet that a tunnel looks at. RFC 791 section 3.1, RFC 8200 section 3.</summary>
internal static class InnerPacket
{
    const int HeaderSize4 = 20, HeaderSize6 = 40, TotalLengthAt = 2, PayloadLengthAt = 4;

    /// <summary>4, 6, or 0 for what is no IP packet or too short for its header.</summary>
    public static int Version(byte[] packet, int offset, int length)
    {
        int version = length == 0 ? 0 : packet[offset] >> 4;
        return (version == 4 && length >= HeaderSize4) || (version == 6 && length >= HeaderSize6) ? version : 0;
    }

    /// <summary>Length without the tunnel's padding, or -1 when the header claims more than there is or less than itself.</summary>
    public static int TrimmedLength(byte[] packet, int offset, int length, int version)
    {
        int claimed = version == 4 ? BigEndian.ReadUInt16(packet, offset + TotalLengthAt) : HeaderSize6 + BigEndian.ReadUInt16(packet, offset + PayloadLengthAt);
        return claimed > length || (version == 4 && claimed < HeaderSize4) ? -1 : claimed;
    }

    public static int SourceAt(int version) => version == 4 ? 12 : 8;

    public static int DestinationAt(int version) => version == 4 ? 16 : 24;
}
