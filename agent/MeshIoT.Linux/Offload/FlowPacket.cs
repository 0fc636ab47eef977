using System;
using System.Buffers.Binary;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// A whole TCP segment or UDP datagram in a plain IP packet: no fragment, no options of IPv4, no extension headers of IPv6, exactly as long as its
/// headers say. Lengths are checked once, in <see cref="TryRead"/>. The memory is somebody else's and must stay. RFC 791, 8200, 9293, 768.
/// </summary>
readonly unsafe struct FlowPacket
{
    internal const int IPv4Header = 20, IPv6Header = 40, LeastTcpHeader = 20, UdpHeader = 8, TcpProtocol = 6, UdpProtocol = 17;
    internal const int SequenceAt = 4, AckAt = 8, OffsetAt = 12, FlagsAt = 13, WindowAt = 14, ChecksumAt = 16, UrgentAt = 18;
    internal const int UdpLengthAt = 4, UdpChecksumAt = 6;
    internal const byte Fin = 1, Push = 8, Ack = 16, Cwr = 128;

    const int IcmpV6Protocol = 58;
    const int FragmentMask = 0x3fff; // more fragments, and the offset; not "don't fragment"
    const byte DontFragment = 0x40;

    FlowPacket(byte* data, int length, int ipHeader, int headers, bool isUdp)
    {
        Data = data;
        Length = length;
        IPHeaderLength = ipHeader;
        HeaderLength = headers;
        IsUdp = isUdp;
    }

    /// <summary>Where it begins.</summary>
    internal byte* Data { get; }

    /// <summary>All its bytes.</summary>
    internal int Length { get; }

    /// <summary>20 or 40.</summary>
    internal int IPHeaderLength { get; }

    /// <summary>Both headers, with TCP's options.</summary>
    internal int HeaderLength { get; }

    /// <summary>UDP rather than TCP.</summary>
    internal bool IsUdp { get; }

    internal bool IsIPv6 => IPHeaderLength == IPv6Header;

    internal int PayloadLength => Length - HeaderLength;

    internal byte* Transport => Data + IPHeaderLength;

    /// <summary>TCP's flags.</summary>
    internal byte Flags => Transport[FlagsAt];

    /// <summary>TCP's sequence number.</summary>
    internal uint Sequence => BinaryPrimitives.ReverseEndianness(*(uint*)(Transport + SequenceAt));

    /// <summary>IPv4's identification.</summary>
    internal ushort Identification => BinaryPrimitives.ReverseEndianness(*(ushort*)(Data + 4));

    /// <summary>IPv4: a packet that is never in pieces, whose identification means nothing. RFC 6864 section 4.1.</summary>
    internal bool IsAtomic => (Data[6] & DontFragment) != 0;

    /// <summary>False for everything else; <paramref name="mayBelong"/> then says whether it may yet be part of a conversation of TCP or UDP.</summary>
    internal static bool TryRead(byte* data, int length, out FlowPacket packet, out bool mayBelong)
    {
        packet = default;
        mayBelong = false;
        int ip, protocol;
        if (length >= IPv4Header && *data >> 4 == 4)
        {
            ip = IPv4Header;
            protocol = data[9];
            mayBelong = protocol is TcpProtocol or UdpProtocol;
            if (!mayBelong || *data != 0x45 || Word(data + 2) != length || (Word(data + 6) & FragmentMask) != 0)
            {
                return false;
            }
        }
        else if (length >= IPv6Header && *data >> 4 == 6)
        {
            // What lies behind extension headers is not looked at.
            ip = IPv6Header;
            protocol = data[6];
            mayBelong = protocol != IcmpV6Protocol;
            if (protocol is not (TcpProtocol or UdpProtocol) || Word(data + 4) != length - IPv6Header)
            {
                return false;
            }
        }
        else
        {
            return false;
        }

        int headers = protocol == UdpProtocol ? ip + UdpHeader : length < ip + LeastTcpHeader ? 0 : ip + (data[ip + OffsetAt] >> 4 << 2);
        int least = ip + (protocol == UdpProtocol ? UdpHeader : LeastTcpHeader);
        if (headers < least || headers > length || (protocol == UdpProtocol && Word(data + ip + UdpLengthAt) != length - ip))
        {
            return false;
        }

        packet = new(data, length, ip, headers, protocol == UdpProtocol);
        return true;
    }

    /// <summary>
    /// Whether its checksums are those that whoever cuts a larger packet would compute: right, and of the two forms of zero the one that comes out.
    /// </summary>
    internal bool HasOwnChecksums()
    {
        if (!IsIPv6 && !IsRight(InternetChecksum.Sum(Data, IPv4Header), *(ushort*)(Data + 10), ushort.MaxValue))
        {
            return false;
        }

        // UDP has no use for zero: it would mean that there is none.
        ushort stored = *(ushort*)(Transport + (IsUdp ? UdpChecksumAt : ChecksumAt)), other = IsUdp ? (ushort)0 : ushort.MaxValue;
        return IsRight(InternetChecksum.Sum(Transport, Length - IPHeaderLength) + PseudoHeader(Length - IPHeaderLength), stored, other);
    }

    /// <summary>The sum of what goes into the checksum besides the transport's own bytes, of which there are so many.</summary>
    internal ulong PseudoHeader(int transportLength) =>
        InternetChecksum.Sum(Data + (IsIPv6 ? 8 : 12), IsIPv6 ? 32 : 8) + InternetChecksum.Word(IsUdp ? UdpProtocol : TcpProtocol) + InternetChecksum.Word(transportLength);

    /// <summary>The same addresses, protocol and ports.</summary>
    internal bool IsSameFlow(in FlowPacket other)
    {
        byte* a = Data, b = other.Data;
        if (IPHeaderLength != other.IPHeaderLength || IsUdp != other.IsUdp || *(uint*)Transport != *(uint*)other.Transport)
        {
            return false;
        }

        return IsIPv6
            ? *(ulong*)(a + 8) == *(ulong*)(b + 8) && *(ulong*)(a + 16) == *(ulong*)(b + 16) && *(ulong*)(a + 24) == *(ulong*)(b + 24) && *(ulong*)(a + 32) == *(ulong*)(b + 32)
            : *(ulong*)(a + 12) == *(ulong*)(b + 12);
    }

    /// <summary>Of packets of one flow: all of IP's header is the same but length, identification and checksum.</summary>
    internal bool HasSameIPHeader(in FlowPacket other) => IsIPv6
        ? *(uint*)Data == *(uint*)other.Data && *(ushort*)(Data + 6) == *(ushort*)(other.Data + 6)
        : *(ushort*)Data == *(ushort*)other.Data && *(uint*)(Data + 6) == *(uint*)(other.Data + 6);

    /// <summary>Of segments of one connection: all of TCP's header is the same but sequence number, flags and checksum.</summary>
    internal bool HasSameTcpHeader(in FlowPacket other)
    {
        byte* a = Transport, b = other.Transport;
        return HeaderLength == other.HeaderLength && *(uint*)(a + AckAt) == *(uint*)(b + AckAt) && a[OffsetAt] == b[OffsetAt]
            && *(ushort*)(a + WindowAt) == *(ushort*)(b + WindowAt) && HasSameRest(a, b);
    }

    // Urgent pointer and options.
    bool HasSameRest(byte* a, byte* b)
    {
        if (*(ushort*)(a + UrgentAt) != *(ushort*)(b + UrgentAt))
        {
            return false;
        }

        for (int at = LeastTcpHeader; at < HeaderLength - IPHeaderLength; at += sizeof(uint))
        {
            if (*(uint*)(a + at) != *(uint*)(b + at))
            {
                return false;
            }
        }

        return true;
    }

    // The sum holds the checksum itself. Without it, it would be zero only if all words were.
    static bool IsRight(ulong sum, ushort stored, ushort otherZero) => InternetChecksum.Fold(sum) == ushort.MaxValue && stored != otherZero;

    static int Word(byte* at) => BinaryPrimitives.ReverseEndianness(*(ushort*)at);
}
