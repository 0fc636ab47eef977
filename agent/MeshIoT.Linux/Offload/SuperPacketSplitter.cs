using System;
using System.Buffers.Binary;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// On the way from the kernel: what it left undone. A packet whose checksum is not whole gets it; a large TCP packet is cut into segments, as the
/// kernel would have cut it for an interface that cannot. data-plane.md section 6.1.
/// </summary>
sealed class SuperPacketSplitter
{
    VirtioHeader header;
    int length, at, ipHeader, headers, index;

    /// <summary>Where a packet is read into, header and all.</summary>
    internal byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(VirtioHeader.Size + JoinedFlow.LargestPacket, pinned: true);

    /// <summary>Packets that are not what their header says.</summary>
    internal long Drops { get; private set; }

    ReadOnlySpan<byte> Packet => Buffer.AsSpan(VirtioHeader.Size, length);

    bool IsIPv6 => Buffer[VirtioHeader.Size] >> 4 == 6;

    /// <summary>So many bytes are in the buffer now.</summary>
    internal void Begin(int filled)
    {
        length = 0;
        if (filled <= VirtioHeader.Size)
        {
            Drops++;
            return;
        }

        header = VirtioHeader.Read(Buffer);
        length = filled - VirtioHeader.Size;
        (at, index) = (0, 0);
        if (header.Kind == VirtioHeader.None ? !IsWhole() : !IsTcp())
        {
            Drops++;
            length = 0;
        }
    }

    /// <summary>
    /// Writes the next packet and gives its length; 0: no more. One that does not fit into <paramref name="output"/> is dropped.
    /// </summary>
    internal int Next(Span<byte> output)
    {
        while (length > 0)
        {
            int size = header.Kind == VirtioHeader.None ? WriteWhole(output) : WriteSegment(output);
            if (size > 0)
            {
                return size;
            }

            Drops++;
        }

        return 0;
    }

    bool IsWhole() => (header.Flags & VirtioHeader.NeedsChecksum) == 0 || header.ChecksumStart + header.ChecksumOffset + 2 <= length;

    // Where TCP begins the kernel says; how long its header is, TCP says.
    bool IsTcp()
    {
        bool four = (header.Kind & ~VirtioHeader.Ecn) == VirtioHeader.Tcp4, six = (header.Kind & ~VirtioHeader.Ecn) == VirtioHeader.Tcp6;
        ipHeader = header.ChecksumStart;
        if ((!four && !six) || IsIPv6 != six || (four && Packet[0] != (0x40 | ipHeader >> 2)) || ipHeader < (six ? TcpSegment.IPv6Header : TcpSegment.IPv4Header)
            || length < ipHeader + TcpSegment.LeastTcpHeader || header.SegmentSize == 0)
        {
            return false;
        }

        headers = ipHeader + (Packet[ipHeader + TcpSegment.OffsetAt] >> 4 << 2);
        at = headers;
        return headers >= ipHeader + TcpSegment.LeastTcpHeader && headers < length;
    }

    int WriteWhole(Span<byte> output)
    {
        int size = length;
        length = 0;
        if (size > output.Length)
        {
            return 0;
        }

        Buffer.AsSpan(VirtioHeader.Size, size).CopyTo(output);
        if ((header.Flags & VirtioHeader.NeedsChecksum) != 0)
        {
            // The pseudo header's sum lies where the checksum will; in UDP zero would mean that there is none.
            ushort sum = (ushort)~InternetChecksum.Fold(InternetChecksum.Sum(output[header.ChecksumStart..size]));
            InternetChecksum.Store(output[(header.ChecksumStart + header.ChecksumOffset)..], sum == 0 ? ushort.MaxValue : sum);
        }

        return size;
    }

    int WriteSegment(Span<byte> output)
    {
        int payload = Math.Min(header.SegmentSize, length - at), size = headers + payload;
        bool isLast = at + payload == length;
        if (size > output.Length)
        {
            // So are all others.
            length = 0;
            return 0;
        }

        output = output[..size];
        Packet[..headers].CopyTo(output);
        Packet.Slice(at, payload).CopyTo(output[headers..]);
        WriteLengths(output);
        Span<byte> tcp = output[ipHeader..];
        BinaryPrimitives.WriteUInt32BigEndian(tcp[TcpSegment.SequenceAt..], BinaryPrimitives.ReadUInt32BigEndian(tcp[TcpSegment.SequenceAt..]) + (uint)(at - headers));
        tcp[TcpSegment.FlagsAt] &= (byte)~((isLast ? 0 : TcpSegment.Fin | TcpSegment.Push) | (index == 0 ? 0 : TcpSegment.Cwr));
        tcp[TcpSegment.ChecksumAt] = tcp[TcpSegment.ChecksumAt + 1] = 0;
        ulong sum = InternetChecksum.Sum(tcp) + InternetChecksum.PseudoHeader(TcpSegment.Addresses(output), TcpSegment.Protocol, tcp.Length);
        InternetChecksum.Store(tcp[TcpSegment.ChecksumAt..], ~InternetChecksum.Fold(sum));
        at += payload;
        index++;
        length = isLast ? 0 : length;
        return size;
    }

    void WriteLengths(Span<byte> packet)
    {
        if (IsIPv6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - TcpSegment.IPv6Header));
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) + index));
        packet[10] = packet[11] = 0;
        InternetChecksum.Store(packet[10..], ~InternetChecksum.Fold(InternetChecksum.Sum(packet[..ipHeader])));
    }
}
