using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// A whole TCP segment in a plain IP packet: no fragment, no options of IPv4, no extension headers of IPv6, exactly as long as its header says.
/// Lengths are checked once, in <see cref="TryRead"/>. RFC 791, RFC 8200, RFC 9293.
/// </summary>
readonly ref struct TcpSegment
{
    internal const int IPv4Header = 20, IPv6Header = 40, LeastTcpHeader = 20, Protocol = 6;
    internal const int SequenceAt = 4, AckAt = 8, OffsetAt = 12, FlagsAt = 13, WindowAt = 14, ChecksumAt = 16, UrgentAt = 18;
    internal const byte Fin = 1, Push = 8, Ack = 16, Cwr = 128;

    const int FragmentMask = 0x3fff; // more fragments, and the offset; not "don't fragment"

    TcpSegment(ReadOnlySpan<byte> packet, int ipHeader, int headers)
    {
        Packet = packet;
        IPHeaderLength = ipHeader;
        HeaderLength = headers;
    }

    /// <summary>The packet it is.</summary>
    internal ReadOnlySpan<byte> Packet { get; }

    /// <summary>20 or 40.</summary>
    internal int IPHeaderLength { get; }

    /// <summary>Both headers with TCP's options.</summary>
    internal int HeaderLength { get; }

    internal bool IsIPv6 => IPHeaderLength == IPv6Header;

    internal int PayloadLength => Packet.Length - HeaderLength;

    internal byte Flags => Packet[IPHeaderLength + FlagsAt];

    internal uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Packet[(IPHeaderLength + SequenceAt)..]);

    /// <summary>False for everything else; <paramref name="isTcp"/> then says whether it may yet be part of a TCP connection.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> packet, out TcpSegment segment, out bool isTcp)
    {
        segment = default;
        isTcp = false;
        int ip;
        if (packet.Length >= IPv4Header && packet[0] >> 4 == 4)
        {
            ip = IPv4Header;
            isTcp = packet[9] == Protocol;
            if (!isTcp || packet[0] != 0x45 || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != packet.Length
                || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & FragmentMask) != 0)
            {
                return false;
            }
        }
        else if (packet.Length >= IPv6Header && packet[0] >> 4 == 6)
        {
            // What lies behind extension headers is not looked at; so it may be TCP.
            ip = IPv6Header;
            isTcp = packet[6] is not (17 or 58);
            if (packet[6] != Protocol || BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) != packet.Length - IPv6Header)
            {
                return false;
            }
        }
        else
        {
            return false;
        }

        if (packet.Length < ip + LeastTcpHeader)
        {
            return false;
        }

        int headers = ip + (packet[ip + OffsetAt] >> 4 << 2);
        if (headers < ip + LeastTcpHeader || headers > packet.Length)
        {
            return false;
        }

        segment = new(packet, ip, headers);
        return true;
    }

    /// <summary>
    /// Whether its checksums are those that whoever cuts a larger packet would compute: right, and of the two forms of zero the one that comes out.
    /// </summary>
    internal bool HasOwnChecksums()
    {
        ReadOnlySpan<byte> tcp = Packet[IPHeaderLength..];
        return (IsIPv6 || IsRight(InternetChecksum.Sum(Packet[..IPv4Header]), Packet[10..]))
            && IsRight(InternetChecksum.Sum(tcp) + InternetChecksum.PseudoHeader(Addresses(Packet), Protocol, tcp.Length), tcp[ChecksumAt..]);
    }

    /// <summary>Source and destination in a packet's header.</summary>
    internal static ReadOnlySpan<byte> Addresses(ReadOnlySpan<byte> packet) => packet[0] >> 4 == 4 ? packet.Slice(12, 8) : packet.Slice(8, 32);

    // The sum holds the checksum itself. Without it, it would be zero only if all words were.
    static bool IsRight(ulong sum, ReadOnlySpan<byte> at) =>
        InternetChecksum.Fold(sum) == ushort.MaxValue && MemoryMarshal.Read<ushort>(at) != ushort.MaxValue;
}
