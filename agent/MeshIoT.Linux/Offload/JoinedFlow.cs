using System;
using System.Buffers.Binary;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// Segments of one TCP connection that follow each other, as one packet with one header: the first one's, of which everything must be the same in
/// all of them but what the cutter counts on by itself (sequence number, IPv4 identification, lengths, checksums), and PSH on the last.
/// </summary>
sealed class JoinedFlow
{
    internal const int LargestPacket = 65_535;

    // Touched only as far as packets were ever long; never moved.
    readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(VirtioHeader.Size + LargestPacket, pinned: true);
    int length, ipHeader, headers, segmentSize;
    uint next;

    /// <summary>How many segments it holds; 0: it is free.</summary>
    internal int Count { get; private set; }

    /// <summary>Nothing more can follow: the last segment was a short one, or has PSH.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>When something was last added, in the owner's count.</summary>
    internal long LastUsed { get; set; }

    Span<byte> Packet => buffer.AsSpan(VirtioHeader.Size, length);

    /// <summary>Whether that could be one to begin with, or to go on with: data, nothing but ACK and PSH, right checksums.</summary>
    internal static bool IsFit(in TcpSegment segment) =>
        segment.PayloadLength > 0 && (segment.Flags & ~TcpSegment.Push) == TcpSegment.Ack && segment.HasOwnChecksums();

    /// <summary>Begins with a segment that is fit.</summary>
    internal void Begin(in TcpSegment segment)
    {
        segment.Packet.CopyTo(buffer.AsSpan(VirtioHeader.Size));
        (length, ipHeader, headers, segmentSize) = (segment.Packet.Length, segment.IPHeaderLength, segment.HeaderLength, segment.PayloadLength);
        next = segment.Sequence + (uint)segmentSize;
        Count = 1;
        IsClosed = (segment.Flags & TcpSegment.Push) != 0;
    }

    /// <summary>The same addresses and ports.</summary>
    internal bool IsOf(in TcpSegment segment) => Count > 0 && segment.IPHeaderLength == ipHeader
        && TcpSegment.Addresses(segment.Packet).SequenceEqual(TcpSegment.Addresses(Packet))
        && segment.Packet.Slice(ipHeader, 4).SequenceEqual(Packet.Slice(ipHeader, 4));

    /// <summary>Takes the next segment of the flow; false when it does not follow on what is here.</summary>
    internal bool TryAppend(in TcpSegment segment)
    {
        int payload = segment.PayloadLength;
        if (IsClosed || segment.HeaderLength != headers || payload > segmentSize || payload > LargestPacket - length || segment.Sequence != next
            || !HasSameHeaders(segment.Packet) || !IsFit(segment))
        {
            return false;
        }

        segment.Packet[headers..].CopyTo(buffer.AsSpan(VirtioHeader.Size + length));
        length += payload;
        next += (uint)payload;
        Count++;
        bool pushes = (segment.Flags & TcpSegment.Push) != 0;
        Packet[ipHeader + TcpSegment.FlagsAt] |= pushes ? TcpSegment.Push : (byte)0;
        IsClosed = pushes || payload < segmentSize;
        return true;
    }

    /// <summary>The packet with what the kernel must know of it; then this is free. One segment alone is as it came.</summary>
    internal ReadOnlySpan<byte> Take(out ReadOnlySpan<byte> packet)
    {
        Span<byte> header = buffer.AsSpan(0, VirtioHeader.Size);
        header.Clear();
        packet = Packet;
        if (Count > 1)
        {
            Finish(Packet);
            new VirtioHeader
            {
                Flags = VirtioHeader.NeedsChecksum,
                Kind = ipHeader == TcpSegment.IPv4Header ? VirtioHeader.Tcp4 : VirtioHeader.Tcp6,
                HeaderLength = (ushort)headers,
                SegmentSize = (ushort)segmentSize,
                ChecksumStart = (ushort)ipHeader,
                ChecksumOffset = TcpSegment.ChecksumAt,
            }.Write(header);
        }

        Count = 0;
        return header;
    }

    void Finish(Span<byte> packet)
    {
        if (ipHeader == TcpSegment.IPv4Header)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)length);
            packet[10] = packet[11] = 0;
            InternetChecksum.Store(packet[10..], ~InternetChecksum.Fold(InternetChecksum.Sum(packet[..ipHeader])));
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(length - ipHeader));
        }

        ulong sum = InternetChecksum.PseudoHeader(TcpSegment.Addresses(packet), TcpSegment.Protocol, length - ipHeader);
        InternetChecksum.Store(packet[(ipHeader + TcpSegment.ChecksumAt)..], InternetChecksum.Fold(sum));
    }

    bool HasSameHeaders(ReadOnlySpan<byte> other)
    {
        ReadOnlySpan<byte> first = Packet;
        bool sameIP = ipHeader == TcpSegment.IPv6Header
            ? Same(first, other, 0, 4) && Same(first, other, 6, 40)
            : Same(first, other, 0, 2) && Same(first, other, 6, 10) && Same(first, other, 12, 20)
                && BinaryPrimitives.ReadUInt16BigEndian(other[4..]) == (ushort)(BinaryPrimitives.ReadUInt16BigEndian(first[4..]) + Count);
        int tcp = ipHeader;
        return sameIP && Same(first, other, tcp + TcpSegment.AckAt, tcp + TcpSegment.FlagsAt)
            && Same(first, other, tcp + TcpSegment.WindowAt, tcp + TcpSegment.ChecksumAt) && Same(first, other, tcp + TcpSegment.UrgentAt, headers);
    }

    static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int from, int to) => a[from..to].SequenceEqual(b[from..to]);
}
