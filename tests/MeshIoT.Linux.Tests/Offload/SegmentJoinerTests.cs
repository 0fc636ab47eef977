using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MeshIoT.Linux.Offload;
using Xunit;

namespace MeshIoT.Linux.Tests.Offload;

/// <summary>What goes to the kernel in large packets is what came in small ones: cut by somebody else, byte for byte.</summary>
public class SegmentJoinerTests
{
    const int Mss = 1240;

    static Kernel Join(IEnumerable<byte[]> packets)
    {
        Kernel kernel = new();
        foreach (byte[] packet in packets)
        {
            kernel.Add(packet);
        }

        kernel.Joiner.Flush();
        return kernel;
    }

    static byte[][] Train(bool six, int count, int flow = 0) =>
        [.. Enumerable.Range(0, count).Select(i => Packets.Tcp(six, flow, 1000u + (uint)(i * Mss), Mss, id: (ushort)(65_530 + i)))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Segments_that_follow_each_other_become_one_packet(bool six)
    {
        byte[][] train = [.. Train(six, 40), Packets.Tcp(six, 0, 1000 + (40 * Mss), 17, Packets.Ack | Packets.Push, unchecked((ushort)(65_530 + 40)))];
        Kernel kernel = Join(train);
        (byte[] header, byte[] packet) = Assert.Single(kernel.Writes);
        Assert.Equal([1, (byte)(six ? 4 : 1)], header[..2]);
        Assert.Equal(Mss, BitConverter.ToUInt16(header, 4));
        Assert.Equal((six ? 60 : 40) + (40 * Mss) + 17, packet.Length);
        Assert.Equal(train, kernel.Seen);
    }

    [Fact]
    public void No_packet_is_longer_than_IP_allows()
    {
        byte[][] train = Train(six: false, 100);
        Kernel kernel = Join(train);
        Assert.Equal(2, kernel.Writes.Count);
        Assert.All(kernel.Writes, static write => Assert.InRange(write.Packet.Length, 41, 65_535));
        Assert.Equal(train, kernel.Seen);
    }

    [Fact]
    public void Eight_connections_in_turn_become_eight_packets_and_nine_lose_nothing()
    {
        byte[][] eight = [.. Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(0, 8).Select(flow => Train(true, 10, flow)[i]))];
        Assert.Equal(8, Join(eight).Writes.Count);
        byte[][] nine = [.. Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(0, 9).Select(flow => Train(true, 10, flow)[i]))];
        Assert.Equal(Sorted(nine), Sorted(Join(nine).Seen));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Datagrams_of_one_size_become_one_packet_and_a_shorter_one_is_the_last(bool six)
    {
        byte[][] train = [.. Enumerable.Range(0, 9).Select(i => Packets.Udp(six, 1200, id: 0)), Packets.Udp(six, 30, id: 0), Packets.Udp(six, 1200, id: 0)];
        Kernel kernel = Join(train);
        Assert.Equal(2, kernel.Writes.Count);
        Assert.Equal([1, 5], kernel.Writes[0].Header[..2]);
        Assert.Equal(1200, BitConverter.ToUInt16(kernel.Writes[0].Header, 4));
        Assert.Equal((six ? 48 : 28) + (9 * 1200) + 30, kernel.Writes[0].Packet.Length);
        Assert.Equal(train.Select(Packets.WithoutIdentification), kernel.Seen.Select(Packets.WithoutIdentification));
    }

    [Fact]
    public void Datagrams_that_may_be_in_pieces_keep_their_identification()
    {
        byte[][] counted = [.. Enumerable.Range(0, 5).Select(i => Packets.Udp(false, 700, id: (ushort)(65_533 + i), atomic: false))];
        Kernel kernel = Join(counted);
        Assert.Single(kernel.Writes);
        Assert.Equal(counted, kernel.Seen);
        Assert.Equal(2, Join([Packets.Udp(false, 700, id: 4, atomic: false), Packets.Udp(false, 700, id: 4, atomic: false)]).Writes.Count);
    }

    [Fact]
    public void No_more_than_sixty_four_datagrams_go_together() =>
        Assert.Equal([64, 36], Join([.. Enumerable.Range(0, 100).Select(static _ => Packets.Udp(true, 10))]).Writes.Select(static write => (write.Packet.Length - 48) / 10));

    public static TheoryData<string, byte[]> UnfitDatagrams() => new()
    {
        { "more payload", Packets.Udp(false, 101) },
        { "no payload", Packets.Udp(false, 0) },
        { "another time to live", Packets.Udp(false, 100, hops: 63) },
        { "another port", Packets.Udp(false, 100, flow: 1) },
        { "no checksum", Without(26) },
        { "a wrong checksum", Broken(Packets.Udp(false, 100), 40) },
        { "a wrong length", Broken(Packets.Udp(false, 100), 25) },
        { "padding", [.. Packets.Udp(false, 100), 0] },
    };

    [Theory]
    [MemberData(nameof(UnfitDatagrams))]
    public void A_datagram_that_does_not_follow_goes_by_itself(string what, byte[] second)
    {
        byte[][] packets = [Packets.Udp(false, 100), second];
        Kernel kernel = Join(packets);
        Assert.True(kernel.Writes.Count == 2, what);
        Assert.Equal(packets, kernel.Seen);
    }

    static byte[] Without(int checksumAt)
    {
        byte[] packet = Packets.Udp(false, 100);
        (packet[checksumAt], packet[checksumAt + 1]) = (0, 0);
        return packet;
    }

    [Fact]
    public void Nothing_waits_that_has_nothing_to_wait_for()
    {
        Kernel kernel = new();
        kernel.Add(Packets.Tcp(false, 1, 5, 0));
        kernel.Add(Packets.Udp(false, 0));
        kernel.Add(Packets.Tcp(false, 2, 5, 10, Packets.Ack | Packets.Push));
        kernel.Add(Packets.Tcp(false, 3, 5, 0, Packets.Syn));
        Assert.Equal(4, kernel.Writes.Count);
        kernel.Joiner.Flush();
        Assert.Equal(4, kernel.Writes.Count);
    }

    public static TheoryData<string, byte[]> Unfit() => new()
    {
        { "a gap", Packets.Tcp(false, 0, 1001 + Mss, Mss, id: 1) },
        { "a repetition", Packets.Tcp(false, 0, 1000, Mss, id: 1) },
        { "FIN", Packets.Tcp(false, 0, 1000 + Mss, Mss, Packets.Ack | Packets.Fin, 1) },
        { "another acknowledgement", Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1, ack: 8) },
        { "another identification", Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 2) },
        { "another time to live", Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1, hops: 63) },
        { "a congestion mark", Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1, traffic: 3) },
        { "options", Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1, options: [1, 1, 1, 1]) },
        { "more payload", Packets.Tcp(false, 0, 1000 + Mss, Mss + 1, id: 1) },
        { "a wrong checksum", Broken(36) },
        { "a wrong checksum of IP", Broken(10) },
        { "the other zero", OtherZero() },
        { "padding", [.. Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1), 0] },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void What_does_not_follow_goes_by_itself_and_as_it_is(string what, byte[] second)
    {
        byte[][] packets = [Packets.Tcp(false, 0, 1000, Mss), second];
        Kernel kernel = Join(packets);
        Assert.True(kernel.Writes.Count == 2, what);
        Assert.Equal(packets, kernel.Writes.Select(static write => write.Packet));
        Assert.All(kernel.Writes, static write => Assert.Equal(new byte[10], write.Header));
    }

    static byte[] Broken(int at) => Broken(Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1), at);

    static byte[] Broken(byte[] packet, int at)
    {
        packet[at] ^= 1;
        return packet;
    }

    // A packet whose checksum comes out as zero, with the other form of zero in its place: valid, but nobody would write it.
    static byte[] OtherZero()
    {
        byte[] packet = Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1);
        int word = (packet[^2] << 8 | packet[^1]) + (packet[36] << 8 | packet[37]);
        word = (word & 0xffff) + (word >> 16);
        (packet[^2], packet[^1]) = ((byte)(word >> 8), (byte)word);
        Packets.FixChecksums(packet, 16);
        Assert.Equal((0, 0), (packet[36], packet[37]));
        (packet[36], packet[37]) = (0xff, 0xff);
        return packet;
    }

    // A sender in trains, as TCP is, with everything in it that can go wrong; several connections, and strangers between.
    static byte[][] Script(int seed)
    {
        Random random = new(seed);
        int flows = random.Next(1, 7);
        (uint Sequence, ushort Id, int Mss)[] at = [.. Enumerable.Range(0, flows).Select(_ => ((uint)random.NextInt64(1L << 32), (ushort)random.Next(65_536), random.Next(1, 1400)))];
        List<byte[]> packets = [];
        while (packets.Count < 150)
        {
            int flow = random.Next(flows);
            bool six = flow % 2 == 1;
            byte[]? options = flow % 3 == 0 ? [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2] : null;
            for (int left = random.Next(1, 12); left > 0; left--)
            {
                ref (uint Sequence, ushort Id, int Mss) state = ref at[flow];
                int odd = random.Next(40), length = odd == 1 ? random.Next(state.Mss + 1) : odd == 2 ? state.Mss + random.Next(3) : state.Mss;
                byte flags = odd switch { 3 => Packets.Ack | Packets.Push, 4 => Packets.Ack | Packets.Fin, 5 => (byte)random.Next(256), _ => Packets.Ack };
                uint sequence = odd == 6 ? state.Sequence + (uint)random.Next(-2, 3) : state.Sequence;
                byte[] packet = flow % 3 == 2 ? Packets.Udp(six, length, flow, odd == 8 ? (ushort)random.Next(65_536) : state.Id, (byte)(odd == 10 ? 9 : 64), flow % 2 == 0)
                    : odd == 7 ? Packets.Udp(six, random.Next(1200))
                    : Packets.Tcp(six, flow, sequence, length, flags, odd == 8 ? (ushort)random.Next(65_536) : state.Id, (uint)(odd == 9 ? 8 : 7), options, (byte)(odd == 10 ? 9 : 64));
                if (odd is 11 or 12)
                {
                    packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
                }

                packets.Add(odd == 13 ? packet[..random.Next(1, packet.Length)] : packet);
                state.Sequence += (uint)length;
                state.Id++;
            }
        }

        return [.. packets];
    }

    static string FlowOf(byte[] packet)
    {
        bool six = packet[0] >> 4 == 6;
        int headers = six ? 40 : 20;
        bool flows = packet.Length >= headers + 8 && (six ? packet[6] : packet[0] == 0x45 ? packet[9] : 0) is 6 or 17;
        return !flows ? "other" : Convert.ToHexString(six ? [packet[6], .. packet[8..44]] : [packet[9], .. packet[12..24]]);
    }

    static List<string> Sorted(IEnumerable<byte[]> packets) => [.. packets.Select(Convert.ToHexString).Order(StringComparer.Ordinal)];

    [Fact]
    public void Whatever_comes_leaves_byte_for_byte_and_each_connection_in_its_order() => Gen.Int.Sample(seed =>
    {
        byte[][] script = Script(seed);
        Kernel kernel = new();
        Random random = new(seed);
        foreach (byte[] packet in script)
        {
            kernel.Add(packet);
            if (random.Next(50) == 0)
            {
                kernel.Joiner.Flush();
            }
        }

        kernel.Joiner.Flush();
        List<byte[]> seen = [.. kernel.Seen];
        Assert.Equal(Sorted(script.Select(Packets.WithoutIdentification)), Sorted(seen.Select(Packets.WithoutIdentification)));
        foreach (string flow in script.Select(FlowOf).Distinct())
        {
            Assert.Equal(
                script.Where(packet => FlowOf(packet) == flow).Select(Packets.WithoutIdentification),
                seen.Where(packet => FlowOf(packet) == flow).Select(Packets.WithoutIdentification));
        }

        // And our own cutter agrees with the other one.
        SuperPacketSplitter splitter = new();
        byte[] piece = new byte[65_535];
        List<byte[]> ours = [];
        foreach ((byte[] header, byte[] packet) in kernel.Writes)
        {
            header.CopyTo(splitter.Buffer, 0);
            packet.CopyTo(splitter.Buffer, header.Length);
            splitter.Begin(header.Length + packet.Length);
            for (int length = splitter.Next(piece); length > 0; length = splitter.Next(piece))
            {
                ours.Add(piece[..length]);
            }
        }

        Assert.Equal(seen, ours);
    }, iter: 300);

    [Fact]
    public void Trains_are_really_joined()
    {
        byte[][] script = [.. Enumerable.Range(0, 20).SelectMany(static seed => Script(seed))];
        Assert.InRange(Join(script).Writes.Count, 1, script.Length * 3 / 5);
    }

    [Fact]
    public unsafe void Joining_allocates_nothing()
    {
        byte[][] packets = [.. Enumerable.Range(0, 5).SelectMany(flow => Train(flow % 2 == 0, 30, flow)), .. Enumerable.Range(0, 20).Select(static _ => Packets.Udp(true, 99))];
        byte[] memory = GC.AllocateArray<byte>(packets.Sum(static packet => packet.Length + VirtioHeader.Size), pinned: true);
        Counter counter = new();
        SegmentJoiner joiner = new(counter);
        long before = 0;
        for (int round = 0; round < 100; round++)
        {
            before = round == 50 ? GC.GetAllocatedBytesForCurrentThread() : before;
            int at = 0;
            foreach (byte[] packet in packets)
            {
                packet.CopyTo(memory, at + VirtioHeader.Size);
                joiner.Add((byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref memory[at + VirtioHeader.Size]), packet.Length);
                at += VirtioHeader.Size + packet.Length;
            }

            joiner.Flush();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(600, counter.Writes);
    }

    sealed unsafe class Counter : IPacketWriter
    {
        public int Writes { get; private set; }

        public void WritePlain(byte* packet, int length) => Writes++;

        public void WriteJoined(byte* vectors, int count, bool isUdp) => Writes++;
    }
}
