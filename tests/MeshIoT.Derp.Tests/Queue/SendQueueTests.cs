using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>What waits for a relay: order, limits, age.</summary>
public class SendQueueTests
{
    static readonly NodePublicKey Peer = NodePublicKey.FromBytes(TestKeys.Count(0x60, 32));

    static byte[] Packet(int number, int length)
    {
        byte[] packet = new byte[length];
        BitConverter.TryWriteBytes(packet, number);
        return packet;
    }

    static byte[] Disco(int number) => [0x54, 0x53, 0xF0, 0x9F, 0x92, 0xAC, .. Packet(number, 100)];

    static List<byte[]> Take(SendQueue queue, int size, int nowMs)
    {
        List<byte[]> bodies = [];
        byte[] output = new byte[size];
        int length, left;
        do
        {
            length = queue.Take(output, nowMs, out int packets, out left);
            FrameReader reader = new(DerpRole.Server);
            int position = 0, before = bodies.Count;
            while (reader.Read(output.AsSpan(0, length), ref position, out FrameSlice frame) == FrameStep.Frame)
            {
                bodies.Add(output[frame.Offset..(frame.Offset + frame.Length)]);
            }

            Assert.Equal(length, position);
            Assert.InRange(packets, 0, bodies.Count - before);
        }
        while (left > 0 && length > 0);
        return bodies;
    }

    [Fact]
    public void Packets_come_out_as_they_went_in_however_the_ring_turns()
    {
        SendQueue queue = new();
        Random random = new(3);
        int next = 0, expected = 0;
        for (int round = 0; round < 3000; round++)
        {
            for (int i = random.Next(6); i > 0; i--)
            {
                queue.Add(Peer, Packet(next++, random.Next(4, 1500)), round);
            }

            foreach (byte[] body in Take(queue, random.Next(4096, 70_000), round))
            {
                Assert.Equal(Peer, PacketFrame.KeyOf(body));
                Assert.Equal(expected++, BitConverter.ToInt32(body, 32));
            }
        }

        Assert.Equal(0, queue.Dropped);
        Assert.Equal(next, expected);
    }

    [Fact]
    public void A_full_queue_drops_its_oldest()
    {
        SendQueue queue = new();
        for (int i = 0; i < 1000; i++)
        {
            queue.Add(Peer, Packet(i, 1280), 0);
        }

        List<byte[]> left = Take(queue, 66 * 1024, 0);
        Assert.InRange(left.Count, 390, 400);
        Assert.Equal(Enumerable.Range(1000 - left.Count, left.Count), left.Select(b => BitConverter.ToInt32(b, 32)));
        Assert.Equal(1000 - left.Count, queue.Dropped);
    }

    [Fact]
    public void Path_discovery_does_not_wait_behind_data_nor_push_it_out()
    {
        SendQueue queue = new();
        queue.Add(Peer, Packet(7, 500), 0);
        for (int i = 0; i < 1000; i++)
        {
            queue.Add(Peer, Disco(i), 0);
        }

        List<byte[]> all = Take(queue, 66 * 1024, 0);
        Assert.Equal(Disco(999), all[^2][32..]);
        Assert.Equal(7, BitConverter.ToInt32(all[^1], 32));
    }

    [Fact]
    public void The_connections_own_frames_go_first_and_are_few()
    {
        SendQueue queue = new();
        queue.Add(Peer, Packet(1, 100), 0);
        byte[] ping = new byte[PingFrame.FrameSize];
        new PingFrame(5).Write(ping, FrameType.Ping);
        int taken = Enumerable.Range(0, 1000).Count(_ => queue.AddControl(ping));
        Assert.InRange(taken, 10, 30);
        List<byte[]> all = Take(queue, 4096, 0);
        Assert.Equal(taken + 1, all.Count);
        Assert.Equal(8, all[0].Length);
        Assert.Equal(1, BitConverter.ToInt32(all[^1], 32));
        queue.AddControl(ping);
        queue.ClearControl();
        Assert.Empty(Take(queue, 4096, 0));
    }

    [Fact]
    public void What_has_waited_five_seconds_is_dropped_also_when_the_milliseconds_wrap_around()
    {
        SendQueue queue = new();
        int start = int.MaxValue - 2000;
        queue.Add(Peer, Packet(1, 100), start);
        queue.Add(Peer, Packet(2, 100), unchecked(start + 3000));
        Assert.Equal(2, BitConverter.ToInt32(Assert.Single(Take(queue, 4096, unchecked(start + 5001))), 32));
        Assert.Equal(1, queue.Dropped);
    }

    [Fact]
    public void On_a_connection_that_is_there_data_may_wait_a_second_and_path_discovery_five()
    {
        SendQueue queue = new();
        Assert.Empty(Take(queue, 4096, 0));
        queue.Add(Peer, Packet(1, 100), 0);
        queue.Add(Peer, Disco(2), 0);
        queue.Add(Peer, Packet(3, 100), 500);
        List<byte[]> all = Take(queue, 4096, 1001);
        Assert.Equal(2, all.Count);
        Assert.Equal(3, BitConverter.ToInt32(all[1], 32));

        queue.ClearControl(); // the connection is gone: what comes now waits for the next one
        queue.Add(Peer, Packet(4, 100), 2000);
        Assert.Single(Take(queue, 4096, 6000));
    }

    [Fact]
    public void The_largest_packet_goes_through_and_memory_comes_back()
    {
        SendQueue queue = new();
        queue.Add(Peer, Packet(9, DerpFrames.LargestPacket), 0);
        byte[] small = new byte[4096];
        Assert.Equal(0, queue.Take(small, 0, out _, out int left));
        Assert.Equal(DerpFrames.PacketHeaderSize + DerpFrames.LargestPacket, left);
        Assert.Equal(32 + DerpFrames.LargestPacket, Assert.Single(Take(queue, 66 * 1024, 0)).Length);
        queue.Trim();
        queue.Add(Peer, Packet(10, 50), 0);
        Assert.Single(Take(queue, 4096, 0));
    }

    [Fact]
    public void Taking_and_adding_allocates_nothing()
    {
        SendQueue queue = new();
        byte[] packet = new byte[1280], output = new byte[66 * 1024];
        int Round()
        {
            for (int i = 0; i < 40; i++)
            {
                queue.Add(Peer, packet, 0);
            }

            return queue.Take(output, 0, out _, out _);
        }

        Round();
        Assert.Equal(40 * (DerpFrames.PacketHeaderSize + 1280), Round());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000); // 40,000 packets; the runtime's own may be in it
    }
}
