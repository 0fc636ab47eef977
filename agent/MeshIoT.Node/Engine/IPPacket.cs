using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.Node.Engine;

/// <summary>
/// Just as much of an IP packet as the engine looks at: version, protocol, addresses, payload. Length is checked once, in
/// <see cref="TryRead"/>. IPv6 extension headers are not followed. RFC 791 section 3.1, RFC 8200 section 3.
/// </summary>
internal readonly ref struct IPPacket
{
    /// <summary>ICMP for IPv4.</summary>
    public const byte Icmp = 1;

    /// <summary>ICMP for IPv6.</summary>
    public const byte IcmpV6 = 58;

    /// <summary>Tailscale's in-tunnel messages. data-plane.md section 7.4.</summary>
    public const byte Tsmp = 99;

    readonly ReadOnlySpan<byte> bytes;

    IPPacket(ReadOnlySpan<byte> bytes, bool isV6, int headerLength)
    {
        this.bytes = bytes;
        IsV6 = isV6;
        HeaderLength = headerLength;
    }

    /// <summary>IPv6 rather than IPv4.</summary>
    public bool IsV6 { get; }

    /// <summary>Bytes before the payload.</summary>
    public int HeaderLength { get; }

    /// <summary>Protocol of the payload (IPv6: next header).</summary>
    public byte Protocol => bytes[IsV6 ? 6 : 9];

    /// <summary>Who sent it.</summary>
    public ReadOnlySpan<byte> Source => IsV6 ? bytes.Slice(8, 16) : bytes.Slice(12, 4);

    /// <summary>Who gets it.</summary>
    public ReadOnlySpan<byte> Destination => IsV6 ? bytes.Slice(24, 16) : bytes.Slice(16, 4);

    /// <summary>What is inside.</summary>
    public ReadOnlySpan<byte> Payload => bytes[HeaderLength..];

    /// <summary>Reads a packet whose length field matches; an IPv4 fragment is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IPPacket packet)
    {
        packet = default;
        if (bytes.Length < 20)
        {
            return false;
        }

        switch (bytes[0] >> 4)
        {
            case 4:
                int header = (bytes[0] & 15) * 4, total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
                bool fragment = (BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x3fff) != 0;
                if (header < 20 || total < header || total > bytes.Length || fragment)
                {
                    return false;
                }

                packet = new IPPacket(bytes[..total], isV6: false, header);
                return true;
            case 6:
                if (bytes.Length < 40 || BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) + 40 > bytes.Length)
                {
                    return false;
                }

                packet = new IPPacket(bytes[..(BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) + 40)], isV6: true, 40);
                return true;
            default:
                return false;
        }
    }

    /// <summary>An IPv4 header without options, the shortest there is.</summary>
    public const int LeastHeader = 20;

    /// <summary>Length by its own header, without a tunnel's padding; 0 for what is no IP packet of at most so many bytes.</summary>
    public static unsafe int LengthOf(byte* bytes, int most)
    {
        int version = most < LeastHeader ? 0 : *bytes >> 4;
        int length = version == 4 ? BinaryPrimitives.ReverseEndianness(*(ushort*)(bytes + 2))
            : version == 6 && most >= 40 ? 40 + BinaryPrimitives.ReverseEndianness(*(ushort*)(bytes + 4)) : 0;
        return length < LeastHeader || length > most ? 0 : length;
    }

    /// <summary>The source of what may be a packet; empty if it is none.</summary>
    public static ReadOnlySpan<byte> SourceOf(ReadOnlySpan<byte> bytes) => AddressOf(bytes, 12, 8);

    /// <summary>The destination of what may be a packet; empty if it is none.</summary>
    public static ReadOnlySpan<byte> DestinationOf(ReadOnlySpan<byte> bytes) => AddressOf(bytes, 16, 24);

    static ReadOnlySpan<byte> AddressOf(ReadOnlySpan<byte> bytes, int at4, int at6) => bytes.Length < LeastHeader ? default
        : bytes[0] >> 4 == 4 ? bytes.Slice(at4, 4) : bytes[0] >> 4 == 6 && bytes.Length >= 40 ? bytes.Slice(at6, 16) : default;

    /// <summary>Writes an IP header before a payload of <paramref name="payloadLength"/> bytes; returns its length.</summary>
    public static int WriteHeader(Span<byte> output, byte protocol, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, int payloadLength)
    {
        if (source.Length == 16)
        {
            output[..40].Clear();
            output[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(output[4..], (ushort)payloadLength);
            output[6] = protocol;
            output[7] = 64;
            source.CopyTo(output[8..]);
            destination.CopyTo(output[24..]);
            return 40;
        }

        output[..20].Clear();
        output[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)(20 + payloadLength));
        output[6] = 0x40;
        output[8] = 64;
        output[9] = protocol;
        source.CopyTo(output[12..]);
        destination.CopyTo(output[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(output[10..], Checksum(output[..20], 0));
        return 20;
    }

    /// <summary>The sum an ICMPv6 checksum starts from. RFC 8200 section 8.1.</summary>
    public static uint PseudoHeader(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, int length) =>
        Sum(source) + Sum(destination) + protocol + (uint)length;

    /// <summary>Internet checksum of an even or odd number of bytes, at most 64 KiB. RFC 1071.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes, uint sum)
    {
        sum += Sum(bytes);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~((sum & 0xffff) + (sum >> 16));
    }

    static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    /// <summary>The source as an address object; for people, not for the packet path.</summary>
    public IPAddress SourceAddress() => new(Source);
}
