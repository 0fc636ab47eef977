using System;

namespace MeshIoT.NetStack;

/// <summary>
/// The IPv6 header and the extension headers that may be skipped, RFC 8200 sections 3 and 4: hop-by-hop (first only),
/// destination options, a routing header with nothing left to visit and an atomic fragment header (RFC 6946).
/// </summary>
internal static class Ipv6Header
{
    public const int Size = 40;
    const int LengthAt = 4, NextAt = 6, HopLimitAt = 7, SourceAt = 8, DestinationAt = 24;
    const int HopByHop = 0, Routing = 43, Fragment = 44, DestinationOptions = 60;
    const int HopLimit = 64, MaxExtensionHeaders = 6;

    public static DropReason Parse(IpPacket packet, int available)
    {
        byte[] bytes = packet.Bytes;
        int at = packet.Offset;
        if (available < Size)
        {
            return DropReason.Truncated;
        }

        int payload = BigEndian.U16(bytes, at + LengthAt);
        if (payload > available - Size)
        {
            return DropReason.Truncated;
        }

        packet.Length = Size + payload;
        packet.AddressLength = 16;
        packet.SourceAt = at + SourceAt;
        packet.DestinationAt = at + DestinationAt;
        packet.Protocol = bytes[at + NextAt];
        packet.PayloadAt = at + Size;
        packet.PayloadLength = payload;
        return SkipExtensions(packet);
    }

    static DropReason SkipExtensions(IpPacket packet)
    {
        for (int i = 0; i < MaxExtensionHeaders; i++)
        {
            int kind = packet.Protocol, at = packet.PayloadAt;
            if (kind != DestinationOptions && kind != Routing && kind != Fragment && (kind != HopByHop || i > 0))
            {
                return kind == HopByHop ? DropReason.ExtensionHeader : DropReason.None;
            }

            if (packet.PayloadLength < 8)
            {
                return DropReason.Truncated;
            }

            int length = kind == Fragment ? 8 : (packet.Bytes[at + 1] + 1) * 8;
            if (length > packet.PayloadLength)
            {
                return DropReason.Truncated;
            }

            if (kind == Fragment && (BigEndian.U16(packet.Bytes, at + 2) & 0xFFF9) != 0)
            {
                return DropReason.Fragment;
            }

            bool segmentsLeft = kind == Routing && packet.Bytes[at + 3] != 0;
            if (segmentsLeft || ((kind == HopByHop || kind == DestinationOptions) && !MaySkipOptions(packet.Bytes, at + 2, at + length)))
            {
                return DropReason.ExtensionHeader;
            }

            packet.Protocol = packet.Bytes[at];
            packet.PayloadAt = at + length;
            packet.PayloadLength -= length;
        }

        return DropReason.ExtensionHeader;
    }

    /// <summary>The two highest bits of an option say what to do with one that is not known: 00 is skip. RFC 8200 section 4.2.</summary>
    static bool MaySkipOptions(byte[] bytes, int at, int end)
    {
        while (at < end)
        {
            if (bytes[at] == 0)
            {
                at++;
                continue;
            }

            if (bytes[at] > 0x3F || end - at < 2 || bytes[at + 1] > end - at - 2)
            {
                return false;
            }

            at += 2 + bytes[at + 1];
        }

        return true;
    }

    public static void Write(byte[] output, int at, byte[] source, int sourceAt, byte[] destination, int destinationAt, int protocol, int payloadLength)
    {
        Array.Clear(output, at, Size);
        output[at] = 0x60;
        BigEndian.Put16(output, at + LengthAt, payloadLength);
        output[at + NextAt] = (byte)protocol;
        output[at + HopLimitAt] = HopLimit;
        Array.Copy(source, sourceAt, output, at + SourceAt, 16);
        Array.Copy(destination, destinationAt, output, at + DestinationAt, 16);
    }
}
