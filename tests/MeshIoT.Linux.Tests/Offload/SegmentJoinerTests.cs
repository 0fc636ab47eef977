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

    sealed class Kernel
    {
        public List<(byte[] Header, byte[] Packet)> Writes { get; } = [];

        public IEnumerable<byte[]> Seen => Writes.SelectMany(write => ReferenceCutter.Cut(write.Header, write.Packet));

        public void Write(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packet) => Writes.Add((header.ToArray(), packet.ToArray()));
    }

    static Kernel Join(IEnumerable<byte[]> packets)
    {
        Kernel kernel = new();
        SegmentJoiner joiner = new(kernel.Write);
        foreach (byte[] packet in packets)
        {
            joiner.Add(packet);
        }

        joiner.Flush();
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
    public void Four_connections_in_turn_become_four_packets_and_five_lose_nothing()
    {
        byte[][] four = [.. Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(0, 4).Select(flow => Train(true, 10, flow)[i]))];
        Assert.Equal(4, Join(four).Writes.Count);
        byte[][] five = [.. Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(0, 5).Select(flow => Train(true, 10, flow)[i]))];
        Assert.Equal(Sorted(five), Sorted(Join(five).Seen));
    }

    [Fact]
    public void Nothing_waits_that_has_nothing_to_wait_for()
    {
        Kernel kernel = new();
        SegmentJoiner joiner = new(kernel.Write);
        joiner.Add(Packets.Tcp(false, 1, 5, 0));
        joiner.Add(Packets.Udp(false, 100));
        joiner.Add(Packets.Tcp(false, 2, 5, 10, Packets.Ack | Packets.Push));
        joiner.Add(Packets.Tcp(false, 3, 5, 0, Packets.Syn));
        Assert.Equal(4, kernel.Writes.Count);
        joiner.Flush();
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

    static byte[] Broken(int at)
    {
        byte[] packet = Packets.Tcp(false, 0, 1000 + Mss, Mss, id: 1);
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
                byte[] packet = odd == 7 ? Packets.Udp(six, random.Next(1200))
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
        bool six = packet[0] >> 4 == 6, tcp = six ? packet.Length >= 60 && packet[6] == 6 : packet.Length >= 40 && packet[0] == 0x45 && packet[9] == 6;
        return !tcp ? "other" : Convert.ToHexString(six ? packet[8..44] : packet[12..24]);
    }

    static List<string> Sorted(IEnumerable<byte[]> packets) => [.. packets.Select(Convert.ToHexString).Order(StringComparer.Ordinal)];

    [Fact]
    public void Whatever_comes_leaves_byte_for_byte_and_each_connection_in_its_order() => Gen.Int.Sample(seed =>
    {
        byte[][] script = Script(seed);
        Kernel kernel = new();
        SegmentJoiner joiner = new(kernel.Write);
        Random random = new(seed);
        foreach (byte[] packet in script)
        {
            joiner.Add(packet);
            if (random.Next(50) == 0)
            {
                joiner.Flush();
            }
        }

        joiner.Flush();
        List<byte[]> seen = [.. kernel.Seen];
        Assert.Equal(Sorted(script), Sorted(seen));
        foreach (string flow in script.Select(FlowOf).Distinct())
        {
            Assert.Equal(script.Where(packet => FlowOf(packet) == flow), seen.Where(packet => FlowOf(packet) == flow));
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
    public void Joining_allocates_nothing()
    {
        byte[][] packets = [.. Enumerable.Range(0, 5).SelectMany(flow => Train(flow % 2 == 0, 30, flow))];
        long bytes = 0;
        SegmentJoiner joiner = new((header, packet) => bytes += packet.Length);
        long before = 0;
        for (int round = 0; round < 100; round++)
        {
            before = round == 50 ? GC.GetAllocatedBytesForCurrentThread() : before;
            foreach (byte[] packet in packets)
            {
                joiner.Add(packet);
            }

            joiner.Flush();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, bytes);
    }
}
