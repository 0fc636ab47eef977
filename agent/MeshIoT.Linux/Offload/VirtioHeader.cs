using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// The ten bytes before each packet of a tunnel with offloads (struct virtio_net_hdr): what is left to do with the packet behind it. Numbers are in
/// the machine's own byte order. Virtual I/O Device specification 1.3, section 5.1.6; Linux uapi/linux/virtio_net.h.
/// </summary>
readonly record struct VirtioHeader
{
    internal const int Size = 10;

    /// <summary>Flag: the checksum at <see cref="ChecksumStart"/> + <see cref="ChecksumOffset"/> holds the pseudo header's sum only.</summary>
    internal const byte NeedsChecksum = 1;

    /// <summary>One packet; TCP over IPv4 and IPv6, or datagrams of UDP, still to be cut. A bit tells of congestion marks.</summary>
    internal const byte None = 0, Tcp4 = 1, Tcp6 = 4, Udp = 5, Ecn = 0x80;

    const int KindAt = 1, HeaderLengthAt = 2, SegmentSizeAt = 4, ChecksumStartAt = 6, ChecksumOffsetAt = 8;

    /// <summary><see cref="NeedsChecksum"/> and others.</summary>
    internal byte Flags { get; init; }

    /// <summary>What is to be cut, and how.</summary>
    internal byte Kind { get; init; }

    /// <summary>A hint how long the headers are; not to be trusted.</summary>
    internal ushort HeaderLength { get; init; }

    /// <summary>Payload of each piece, in bytes, but of the last, which may have less.</summary>
    internal ushort SegmentSize { get; init; }

    /// <summary>Where the checksum begins to count, and where it lies from there.</summary>
    internal ushort ChecksumStart { get; init; }

    /// <inheritdoc cref="ChecksumStart"/>
    internal ushort ChecksumOffset { get; init; }

    /// <summary>Reads the first ten bytes.</summary>
    internal static VirtioHeader Read(ReadOnlySpan<byte> bytes) => new()
    {
        Flags = bytes[0],
        Kind = bytes[KindAt],
        HeaderLength = MemoryMarshal.Read<ushort>(bytes[HeaderLengthAt..]),
        SegmentSize = MemoryMarshal.Read<ushort>(bytes[SegmentSizeAt..]),
        ChecksumStart = MemoryMarshal.Read<ushort>(bytes[ChecksumStartAt..]),
        ChecksumOffset = MemoryMarshal.Read<ushort>(bytes[ChecksumOffsetAt..]),
    };

    /// <summary>Writes ten bytes.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes[0] = Flags;
        bytes[KindAt] = Kind;
        MemoryMarshal.Write(bytes[HeaderLengthAt..], HeaderLength);
        MemoryMarshal.Write(bytes[SegmentSizeAt..], SegmentSize);
        MemoryMarshal.Write(bytes[ChecksumStartAt..], ChecksumStart);
        MemoryMarshal.Write(bytes[ChecksumOffsetAt..], ChecksumOffset);
    }
}
