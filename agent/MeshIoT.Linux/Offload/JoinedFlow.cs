using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// Packets of one conversation that follow each other, as one large packet with one header: the first one's, of which everything must be the same in
/// all of them but what the cutter counts on by itself (sequence number, IPv4 identification, lengths, checksums), and PSH on the last. Only the
/// header is copied; the payloads are gathered from where they lie.
/// </summary>
sealed unsafe class JoinedFlow
{
    internal const int LargestPacket = 65_535;

    /// <summary>As many as one packet is made of: more are not worth it, and the kernel takes 128 datagrams at most.</summary>
    internal const int MostPieces = 64;

    const int LargestHeaders = FlowPacket.IPv6Header + 60;

    // Never moved: the header, then struct iovec of header and payloads.
    readonly byte[] memory = GC.AllocateUninitializedArray<byte>((MostPieces + 1) * Vectors.Size + VirtioHeader.Size + LargestHeaders, pinned: true);
    readonly byte* vectors, header;
    FlowPacket first;
    uint next;
    bool pushes;

    internal JoinedFlow()
    {
        vectors = (byte*)Unsafe.AsPointer(ref memory[0]);
        header = vectors + ((MostPieces + 1) * Vectors.Size);
    }

    /// <summary>How many packets it holds; 0: it is free.</summary>
    internal int Count { get; private set; }

    /// <summary>Nothing more can follow: the last one was a short one, or has PSH.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>When something was last added, in the owner's count.</summary>
    internal long LastUsed { get; set; }

    /// <summary>The whole packet's length.</summary>
    internal int Length { get; private set; }

    /// <summary>The first one as it came, with which nothing is done while it is alone.</summary>
    internal FlowPacket First => first;

    /// <summary>Whether that could be one to begin with, or to go on with: data, nothing but ACK and PSH, right checksums.</summary>
    internal static bool IsFit(in FlowPacket packet) =>
        packet.PayloadLength > 0 && (packet.IsUdp || (packet.Flags & ~FlowPacket.Push) == FlowPacket.Ack) && packet.HasOwnChecksums();

    /// <summary>Begins with a packet that is fit.</summary>
    internal void Begin(in FlowPacket packet)
    {
        first = packet;
        Length = packet.Length;
        next = packet.IsUdp ? 0 : packet.Sequence + (uint)packet.PayloadLength;
        pushes = false;
        IsClosed = false;
        Count = 1;
        Vectors.Set(vectors, 1, packet.Data + packet.HeaderLength, packet.PayloadLength);
    }

    /// <summary>The same conversation.</summary>
    internal bool IsOf(in FlowPacket packet) => Count > 0 && first.IsSameFlow(packet);

    /// <summary>Takes the next packet of the conversation; false when it does not follow on what is here.</summary>
    internal bool TryAppend(in FlowPacket packet)
    {
        int payload = packet.PayloadLength, size = first.PayloadLength;
        if (IsClosed || payload > size || payload > LargestPacket - Length || Count == MostPieces
            || !(packet.IsUdp ? FollowsAsDatagram(packet) : FollowsAsSegment(packet)) || !first.HasSameIPHeader(packet) || !IsFit(packet))
        {
            return false;
        }

        Count++;
        Vectors.Set(vectors, Count, packet.Data + packet.HeaderLength, payload);
        Length += payload;
        next += (uint)payload;
        pushes = !packet.IsUdp && (packet.Flags & FlowPacket.Push) != 0;
        IsClosed = pushes || payload < size;
        return true;
    }

    /// <summary>The large packet with what the kernel must know of it before it, to be written by writev(2): <see cref="Count"/> + 1 vectors.</summary>
    internal byte* Finish()
    {
        int headers = first.HeaderLength, ip = first.IPHeaderLength;
        byte* packet = header + VirtioHeader.Size;
        Unsafe.CopyBlockUnaligned(packet, first.Data, (uint)headers);
        if (first.IsIPv6)
        {
            *(ushort*)(packet + 4) = BinaryPrimitives.ReverseEndianness((ushort)(Length - ip));
        }
        else
        {
            *(ushort*)(packet + 2) = BinaryPrimitives.ReverseEndianness((ushort)Length);
            *(ushort*)(packet + 10) = 0;
            *(ushort*)(packet + 10) = (ushort)~InternetChecksum.Fold(InternetChecksum.Sum(packet, ip));
        }

        byte* transport = packet + ip;
        if (first.IsUdp)
        {
            *(ushort*)(transport + FlowPacket.UdpLengthAt) = BinaryPrimitives.ReverseEndianness((ushort)(Length - ip));
        }
        else if (pushes)
        {
            transport[FlowPacket.FlagsAt] |= FlowPacket.Push;
        }

        int checksumAt = first.IsUdp ? FlowPacket.UdpChecksumAt : FlowPacket.ChecksumAt;
        *(ushort*)(transport + checksumAt) = InternetChecksum.Fold(first.PseudoHeader(Length - ip));
        new VirtioHeader
        {
            Flags = VirtioHeader.NeedsChecksum,
            Kind = first.IsUdp ? VirtioHeader.Udp : first.IsIPv6 ? VirtioHeader.Tcp6 : VirtioHeader.Tcp4,
            HeaderLength = (ushort)headers,
            SegmentSize = (ushort)first.PayloadLength,
            ChecksumStart = (ushort)ip,
            ChecksumOffset = (ushort)checksumAt,
        }.Write(new Span<byte>(header, VirtioHeader.Size));
        Vectors.Set(vectors, 0, header, VirtioHeader.Size + headers);
        return vectors;
    }

    /// <summary>All of it is dealt with.</summary>
    internal void Clear() => Count = 0;

    bool FollowsAsSegment(in FlowPacket packet) => packet.Sequence == next && first.HasSameTcpHeader(packet)
        && (first.IsIPv6 || packet.Identification == (ushort)(first.Identification + Count));

    // The cutter numbers datagrams, too; where they are atomic the number means nothing.
    bool FollowsAsDatagram(in FlowPacket packet) =>
        first.IsIPv6 || first.IsAtomic || packet.Identification == (ushort)(first.Identification + Count);
}
