using System;

namespace MeshIoT.NetStack;

/// <summary>The IPv4 header, RFC 791 section 3.1. Options are skipped when received and never sent; fragments are dropped.</summary>
internal static class Ipv4Header
{
    public const int Size = 20;
    const int LengthAt = 2, FragmentAt = 6, TimeToLiveAt = 8, ProtocolAt = 9, ChecksumAt = 10, SourceAt = 12, DestinationAt = 16;
    const int DontFragment = 0x4000, MoreFragmentsAndOffset = 0x3FFF, TimeToLive = 64;

    public static DropReason Parse(IpPacket packet, int available)
    {
        byte[] bytes = packet.Bytes;
        int at = packet.Offset;
        if (available < Size)
        {
            return DropReason.Truncated;
        }

        int headerLength = (bytes[at] & 15) * 4, length = BigEndian.U16(bytes, at + LengthAt);
        if (headerLength < Size || length < headerLength)
        {
            return DropReason.BadHeader;
        }

        if (length > available)
        {
            return DropReason.Truncated;
        }

        if (!Checksum.IsValid(Checksum.Add(0, bytes, at, headerLength)))
        {
            return DropReason.BadChecksum;
        }

        if ((BigEndian.U16(bytes, at + FragmentAt) & MoreFragmentsAndOffset) != 0)
        {
            return DropReason.Fragment;
        }

        packet.Length = length;
        packet.AddressLength = 4;
        packet.SourceAt = at + SourceAt;
        packet.DestinationAt = at + DestinationAt;
        packet.Protocol = bytes[at + ProtocolAt];
        packet.PayloadAt = at + headerLength;
        packet.PayloadLength = length - headerLength;
        return DropReason.None;
    }

    /// <summary>Writes a header. Every packet is atomic (don't fragment), so its identification may be zero: RFC 6864 section 4.1.</summary>
    public static void Write(byte[] output, int at, byte[] source, int sourceAt, byte[] destination, int destinationAt, int protocol, int payloadLength)
    {
        Array.Clear(output, at, Size);
        output[at] = 0x45;
        BigEndian.Put16(output, at + LengthAt, Size + payloadLength);
        BigEndian.Put16(output, at + FragmentAt, DontFragment);
        output[at + TimeToLiveAt] = TimeToLive;
        output[at + ProtocolAt] = (byte)protocol;
        Array.Copy(source, sourceAt, output, at + SourceAt, 4);
        Array.Copy(destination, destinationAt, output, at + DestinationAt, 4);
        BigEndian.Put16(output, at + ChecksumAt, Checksum.Finish(Checksum.Add(0, output, at, Size)));
    }
}
