using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Linux.Offload;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Packets of peers on their way to the kernel, several at a time: cut again, what was joined is what came.</summary>
sealed unsafe class TunJoin : FuzzTarget, IPacketWriter
{
    const int LengthSize = 2, AreaSize = 256 * 1024;

    readonly SegmentJoiner joiner;
    readonly SuperPacketSplitter splitter = new();
    readonly byte[] piece = new byte[JoinedFlow.LargestPacket];
    long packets, bytes, sum;

    public TunJoin() => joiner = new SegmentJoiner(this);

    public override string Name => "tun-join";

    // The four buffers, with the first input.
    public override long MostAllocated => 512 * 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        [.. Chunk(Segment(4, 0)), .. Chunk(Segment(4, 1)), .. Chunk(Segment(4, 2))],
        [.. Chunk(Segment(6, 0)), .. Chunk(Segment(6, 1)), .. Chunk(Fixed.Packet6(17, Fixed.Bytes(0, 20)))],
    ];

    // Packets wait where they are until all are written.
    readonly byte[] memory = GC.AllocateUninitializedArray<byte>(AreaSize, pinned: true);
    int used;

    public override void Run(byte[] input)
    {
        (packets, bytes, sum, used) = (0, 0, 0, 0);
        for (ReadOnlySpan<byte> left = input; left.Length > LengthSize;)
        {
            int length = Math.Min(left[0] << 8 | left[1], left.Length - LengthSize);
            if (used + VirtioHeader.Size + length > AreaSize)
            {
                break;
            }

            Count(left.Slice(LengthSize, length), 1);
            left.Slice(LengthSize, length).CopyTo(memory.AsSpan(used + VirtioHeader.Size));
            joiner.Add((byte*)Unsafe.AsPointer(ref memory[0]) + used + VirtioHeader.Size, length);
            used += VirtioHeader.Size + length;
            left = left[(LengthSize + length)..];
        }

        joiner.Flush();
        Promise((packets, bytes, sum) == (0, 0, 0), "what comes out is not what went in");
    }

    void IPacketWriter.WritePlain(byte* packet, int length) => Count(new ReadOnlySpan<byte>(packet, length), -1);

    void IPacketWriter.WriteJoined(byte* vectors, int count, bool isUdp)
    {
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            new ReadOnlySpan<byte>(Vectors.Data(vectors, i), Vectors.Length(vectors, i)).CopyTo(splitter.Buffer.AsSpan(length));
            length += Vectors.Length(vectors, i);
        }

        splitter.Begin(length);
        for (length = splitter.Next(piece); length > 0; length = splitter.Next(piece))
        {
            Count(piece.AsSpan(0, length), -1);
        }
    }

    // The same whatever the order: packets of different connections may change places.
    void Count(ReadOnlySpan<byte> packet, int sign)
    {
        HashCode hash = default;
        if (packet.Length >= 28 && packet[0] == 0x45 && packet[9] == FlowPacket.UdpProtocol && (packet[6] & 0x40) != 0)
        {
            // The identification of a packet that is never in pieces means nothing, nor its part in the checksum.
            hash.AddBytes(packet[..4]);
            hash.AddBytes(packet[6..10]);
            hash.AddBytes(packet[12..]);
        }
        else
        {
            hash.AddBytes(packet);
        }

        packets += sign;
        bytes += sign * packet.Length;
        sum += sign * (long)hash.ToHashCode();
    }

    static byte[] Chunk(byte[] packet) => [(byte)(packet.Length >> 8), (byte)packet.Length, .. packet];

    // One of a train of segments of 32 bytes, its checksums right.
    static byte[] Segment(int version, int index)
    {
        byte[] tcp = [0x9c, 0x40, 1, 0xbb, 0, 0, 0, (byte)(index * 32), 0, 0, 0, 9, 0x50, 0x10, 16, 0, 0, 0, 0, 0, .. Fixed.Bytes(index, 32)];
        byte[] packet = version == 4 ? Fixed.Packet4(6, tcp) : Fixed.Packet6(6, tcp);
        int ip = packet.Length - tcp.Length;
        if (version == 4)
        {
            packet[5] = (byte)index;
            (packet[10], packet[11]) = (0, 0);
            InternetChecksum.Store(packet.AsSpan(10), ~InternetChecksum.Fold(InternetChecksum.Sum(packet.AsSpan(0, ip))));
        }

        ulong sum = InternetChecksum.Sum(packet.AsSpan(ip)) + InternetChecksum.PseudoHeader(packet.AsSpan(version == 4 ? 12 : 8, version == 4 ? 8 : 32), FlowPacket.TcpProtocol, tcp.Length);
        InternetChecksum.Store(packet.AsSpan(ip + FlowPacket.ChecksumAt), ~InternetChecksum.Fold(sum));
        return packet;
    }
}
