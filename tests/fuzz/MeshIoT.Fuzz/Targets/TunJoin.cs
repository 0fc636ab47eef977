using System;
using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Linux.Offload;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Packets of peers on their way to the kernel, several at a time: cut again, what was joined is what came.</summary>
sealed class TunJoin : FuzzTarget
{
    const int LengthSize = 2;

    readonly SegmentJoiner joiner;
    readonly SuperPacketSplitter splitter = new();
    readonly byte[] piece = new byte[JoinedFlow.LargestPacket];
    long packets, bytes, sum;

    public TunJoin() => joiner = new SegmentJoiner(Cut);

    public override string Name => "tun-join";

    // The four buffers, with the first input.
    public override long MostAllocated => 512 * 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        [.. Chunk(Segment(4, 0)), .. Chunk(Segment(4, 1)), .. Chunk(Segment(4, 2))],
        [.. Chunk(Segment(6, 0)), .. Chunk(Segment(6, 1)), .. Chunk(Fixed.Packet6(17, Fixed.Bytes(0, 20)))],
    ];

    public override void Run(byte[] input)
    {
        (packets, bytes, sum) = (0, 0, 0);
        for (ReadOnlySpan<byte> left = input; left.Length > LengthSize;)
        {
            int length = Math.Min(left[0] << 8 | left[1], left.Length - LengthSize);
            Count(left.Slice(LengthSize, length), 1);
            joiner.Add(left.Slice(LengthSize, length));
            left = left[(LengthSize + length)..];
        }

        joiner.Flush();
        Promise((packets, bytes, sum) == (0, 0, 0), "what comes out is not what went in");
    }

    void Cut(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packet)
    {
        if (header[1] == VirtioHeader.None)
        {
            Count(packet, -1);
            return;
        }

        header.CopyTo(splitter.Buffer);
        packet.CopyTo(splitter.Buffer.AsSpan(header.Length));
        splitter.Begin(header.Length + packet.Length);
        for (int length = splitter.Next(piece); length > 0; length = splitter.Next(piece))
        {
            Count(piece.AsSpan(0, length), -1);
        }
    }

    // The same whatever the order: packets of different connections may change places.
    void Count(ReadOnlySpan<byte> packet, int sign)
    {
        HashCode hash = default;
        hash.AddBytes(packet);
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

        ulong sum = InternetChecksum.Sum(packet.AsSpan(ip)) + InternetChecksum.PseudoHeader(TcpSegment.Addresses(packet), TcpSegment.Protocol, tcp.Length);
        InternetChecksum.Store(packet.AsSpan(ip + TcpSegment.ChecksumAt), ~InternetChecksum.Fold(sum));
        return packet;
    }
}
