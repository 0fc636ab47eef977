using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// On the way from the kernel: what it left undone. A packet whose checksum is not whole gets it; a large TCP or UDP packet is cut into pieces, as the
/// kernel would have cut it for an interface that cannot. Each piece is written straight to where it is wanted, and its checksum is summed up on the
/// way. data-plane.md section 6.1.
/// </summary>
sealed unsafe class SuperPacketSplitter
{
    readonly byte* packet;
    VirtioHeader header;
    ulong pseudo;
    int length, at, ipHeader, headers, index;

    internal SuperPacketSplitter() => packet = (byte*)Unsafe.AsPointer(ref Buffer[VirtioHeader.Size]);

    /// <summary>Where a packet is read into, header and all. Never moved.</summary>
    internal byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(VirtioHeader.Size + JoinedFlow.LargestPacket, pinned: true);

    /// <summary>Packets that are not what their header says.</summary>
    internal long Drops { get; private set; }

    /// <summary>Large packets that were cut.</summary>
    internal long Cuts { get; private set; }

    /// <summary>The packet that <see cref="Next"/> gives in pieces; empty when it has given them all.</summary>
    internal ReadOnlySpan<byte> Packet => new(packet, length);

    bool IsIPv6 => *packet >> 4 == 6;

    bool IsUdp => header.Kind == VirtioHeader.Udp;

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
        if (header.Kind == VirtioHeader.None ? !IsWhole() : !(IsUdp ? CanCutUdp() : CanCutTcp()))
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
            int size;
            fixed (byte* to = output)
            {
                size = header.Kind == VirtioHeader.None ? WriteWhole(to, output.Length) : WritePiece(to, output.Length);
            }

            if (size > 0)
            {
                return size;
            }

            Drops++;
        }

        return 0;
    }

    /// <summary>The packet that is not yet given whole is nobody's.</summary>
    internal void Drop() => length = 0;

    bool IsWhole() => (header.Flags & VirtioHeader.NeedsChecksum) == 0 || header.ChecksumStart + header.ChecksumOffset + 2 <= length;

    // Where TCP begins the kernel says; how long its header is, TCP says.
    bool CanCutTcp()
    {
        bool four = (header.Kind & ~VirtioHeader.Ecn) == VirtioHeader.Tcp4, six = (header.Kind & ~VirtioHeader.Ecn) == VirtioHeader.Tcp6;
        return (four || six) && IsIPv6 == six && IsTransportAt(FlowPacket.LeastTcpHeader)
            && BeginPieces(ipHeader + (packet[ipHeader + FlowPacket.OffsetAt] >> 4 << 2), ipHeader + FlowPacket.LeastTcpHeader, FlowPacket.TcpProtocol);
    }

    bool CanCutUdp() => IsTransportAt(FlowPacket.UdpHeader) && BeginPieces(ipHeader + FlowPacket.UdpHeader, ipHeader + FlowPacket.UdpHeader, FlowPacket.UdpProtocol);

    bool IsTransportAt(int least)
    {
        ipHeader = header.ChecksumStart;
        return ipHeader >= (IsIPv6 ? FlowPacket.IPv6Header : FlowPacket.IPv4Header) && (IsIPv6 || *packet == (0x40 | ipHeader >> 2))
            && length >= ipHeader + least && header.SegmentSize > 0;
    }

    bool BeginPieces(int headersLength, int least, int protocol)
    {
        headers = headersLength;
        at = headers;
        if (headers < least || headers >= length)
        {
            return false;
        }

        pseudo = InternetChecksum.Sum(packet + (IsIPv6 ? 8 : 12), IsIPv6 ? 32 : 8) + InternetChecksum.Word(protocol);
        Cuts++;
        return true;
    }

    int WriteWhole(byte* output, int room)
    {
        int size = length;
        length = 0;
        if (size > room)
        {
            return 0;
        }

        Unsafe.CopyBlockUnaligned(output, packet, (uint)size);
        if ((header.Flags & VirtioHeader.NeedsChecksum) != 0)
        {
            // The pseudo header's sum lies where the checksum will; in UDP zero would mean that there is none.
            byte* start = output + header.ChecksumStart;
            ushort sum = (ushort)~InternetChecksum.Fold(InternetChecksum.Sum(start, size - header.ChecksumStart));
            *(ushort*)(start + header.ChecksumOffset) = sum == 0 ? ushort.MaxValue : sum;
        }

        return size;
    }

    int WritePiece(byte* output, int room)
    {
        int payload = Math.Min(header.SegmentSize, length - at), size = headers + payload;
        bool isLast = at + payload == length;
        if (size > room)
        {
            // So are all others.
            length = 0;
            return 0;
        }

        Unsafe.CopyBlockUnaligned(output, packet, (uint)headers);
        ulong sum = InternetChecksum.Copy(packet + at, output + headers, payload);
        WriteLengths(output, size);
        sum += pseudo + InternetChecksum.Word(size - ipHeader);
        if (IsUdp)
        {
            FinishUdp(output + ipHeader, size - ipHeader, sum);
        }
        else
        {
            FinishTcp(output + ipHeader, isLast, sum);
        }

        at += payload;
        index++;
        length = isLast ? 0 : length;
        return size;
    }

    void FinishTcp(byte* tcp, bool isLast, ulong sum)
    {
        uint* sequence = (uint*)(tcp + FlowPacket.SequenceAt);
        *sequence = BinaryPrimitives.ReverseEndianness(BinaryPrimitives.ReverseEndianness(*sequence) + (uint)(at - headers));
        tcp[FlowPacket.FlagsAt] &= (byte)~((isLast ? 0 : FlowPacket.Fin | FlowPacket.Push) | (index == 0 ? 0 : FlowPacket.Cwr));
        *(ushort*)(tcp + FlowPacket.ChecksumAt) = 0;
        *(ushort*)(tcp + FlowPacket.ChecksumAt) = (ushort)~InternetChecksum.Fold(sum + InternetChecksum.Sum(tcp, headers - ipHeader));
    }

    static void FinishUdp(byte* udp, int size, ulong sum)
    {
        *(ushort*)(udp + FlowPacket.UdpLengthAt) = BinaryPrimitives.ReverseEndianness((ushort)size);
        *(ushort*)(udp + FlowPacket.UdpChecksumAt) = 0;
        ushort checksum = (ushort)~InternetChecksum.Fold(sum + InternetChecksum.Sum(udp, FlowPacket.UdpHeader));
        *(ushort*)(udp + FlowPacket.UdpChecksumAt) = checksum == 0 ? ushort.MaxValue : checksum;
    }

    void WriteLengths(byte* output, int size)
    {
        if (IsIPv6)
        {
            *(ushort*)(output + 4) = BinaryPrimitives.ReverseEndianness((ushort)(size - FlowPacket.IPv6Header));
            return;
        }

        *(ushort*)(output + 2) = BinaryPrimitives.ReverseEndianness((ushort)size);
        *(ushort*)(output + 4) = BinaryPrimitives.ReverseEndianness((ushort)(BinaryPrimitives.ReverseEndianness(*(ushort*)(output + 4)) + index));
        *(ushort*)(output + 10) = 0;
        *(ushort*)(output + 10) = (ushort)~InternetChecksum.Fold(InternetChecksum.Sum(output, ipHeader));
    }
}
