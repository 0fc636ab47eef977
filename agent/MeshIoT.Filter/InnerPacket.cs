using System;
using System.Buffers.Binary;

namespace MeshIoT.Filter;

/// <summary>What the filter reads of an IP packet. All lengths are checked once, in TryRead; nothing behind the transport header is looked at.</summary>
internal readonly ref struct InnerPacket
{
    // The largest IPv4 header and a TCP header: a later fragment must begin behind them, a first one must hold them.
    const int MinimumFragmentBlocks = 10;
    const int MinimumV4 = 20, HeaderV6 = 40, FragmentHeaderV6 = 8;

    public required InnerAddress Source { get; init; }

    public required InnerAddress Destination { get; init; }

    /// <summary>Protocol number, of the transport header where there is one.</summary>
    public required byte Protocol { get; init; }

    /// <summary>True for a fragment without transport header.</summary>
    public bool IsLaterFragment { get; init; }

    /// <summary>Ports of TCP, UDP and SCTP.</summary>
    public ushort SourcePort { get; init; }

    /// <inheritdoc cref="SourcePort"/>
    public ushort DestinationPort { get; init; }

    /// <summary>SYN without ACK.</summary>
    public bool IsTcpOpening { get; init; }

    /// <summary>An echo reply or an error message of ICMP.</summary>
    public bool IsIcmpAnswer { get; init; }

    /// <summary>Reads the headers; anything but Accept says why they cannot be trusted.</summary>
    public static Verdict TryRead(ReadOnlySpan<byte> bytes, out InnerPacket packet)
    {
        packet = default;
        if (bytes.Length < MinimumV4)
        {
            return Verdict.Malformed;
        }

        return (bytes[0] >> 4) switch
        {
            4 => ReadV4(bytes, ref packet),
            6 => ReadV6(bytes, ref packet),
            _ => Verdict.Malformed,
        };
    }

    static Verdict ReadV4(ReadOnlySpan<byte> bytes, ref InnerPacket packet)
    {
        int header = (bytes[0] & 15) * 4, length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (header < MinimumV4 || length < header || length > bytes.Length)
        {
            return Verdict.Malformed;
        }

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        return ReadTransport(
            InnerAddress.ReadV4(bytes[12..]), InnerAddress.ReadV4(bytes[16..]), bytes[9], bytes[header..length], fragment & 0x1FFF, (fragment & 0x2000) != 0, ref packet);
    }

    static Verdict ReadV6(ReadOnlySpan<byte> bytes, ref InnerPacket packet)
    {
        if (bytes.Length < HeaderV6)
        {
            return Verdict.Malformed;
        }

        int length = HeaderV6 + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length > bytes.Length)
        {
            return Verdict.Malformed;
        }

        byte protocol = bytes[6];
        ReadOnlySpan<byte> rest = bytes[HeaderV6..length];
        int blocks = 0;
        bool more = false;
        if (protocol == IPProtocol.FragmentV6)
        {
            if (rest.Length < FragmentHeaderV6)
            {
                return Verdict.Malformed;
            }

            protocol = rest[0];
            int fragment = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            blocks = fragment >> 3;
            more = (fragment & 1) != 0;
            rest = rest[FragmentHeaderV6..];
        }

        // Other extension headers could hide a transport header from the filter that the host's stack then finds.
        return IPProtocol.IsExtensionV6(protocol)
            ? Verdict.Malformed
            : ReadTransport(InnerAddress.ReadV6(bytes[8..]), InnerAddress.ReadV6(bytes[24..]), protocol, rest, blocks, more, ref packet);
    }

    static Verdict ReadTransport(InnerAddress source, InnerAddress destination, byte protocol, ReadOnlySpan<byte> rest, int blocks, bool more, ref InnerPacket packet)
    {
        packet = new InnerPacket { Source = source, Destination = destination, Protocol = protocol, IsLaterFragment = blocks > 0 };
        if (blocks > 0)
        {
            return blocks < MinimumFragmentBlocks ? Verdict.BadFragment : Verdict.Accept;
        }

        if (more && rest.Length < MinimumFragmentBlocks * 8)
        {
            return Verdict.BadFragment;
        }

        int needed = protocol switch
        {
            IPProtocol.Tcp => 20,
            IPProtocol.Udp => 8,
            IPProtocol.Sctp => 12,
            IPProtocol.IcmpV4 or IPProtocol.IcmpV6 => 4,
            _ => 0,
        };
        if (rest.Length < needed || protocol == (source.IsV6 ? IPProtocol.IcmpV4 : IPProtocol.IcmpV6))
        {
            return Verdict.Malformed;
        }

        switch (protocol)
        {
            case IPProtocol.Tcp or IPProtocol.Udp or IPProtocol.Sctp:
                packet = new InnerPacket
                {
                    Source = source,
                    Destination = destination,
                    Protocol = protocol,
                    SourcePort = BinaryPrimitives.ReadUInt16BigEndian(rest),
                    DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]),
                    IsTcpOpening = protocol == IPProtocol.Tcp && (rest[13] & 0x12) == 0x02,
                };
                break;
            case IPProtocol.IcmpV4:
                packet = new InnerPacket { Source = source, Destination = destination, Protocol = protocol, IsIcmpAnswer = rest[0] is 0 or 3 or 11 or 12 };
                break;
            case IPProtocol.IcmpV6:
                packet = new InnerPacket { Source = source, Destination = destination, Protocol = protocol, IsIcmpAnswer = rest[0] is 1 or 2 or 3 or 4 or 129 };
                break;
        }

        return Verdict.Accept;
    }
}
