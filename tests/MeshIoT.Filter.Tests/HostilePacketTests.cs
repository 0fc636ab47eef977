using System;
using CsCheck;
using Xunit;

namespace MeshIoT.Filter.Tests;

/// <summary>Anything may come out of a tunnel. It is judged without an exception and without an allocation.</summary>
public class HostilePacketTests
{
    static readonly byte[][] Samples =
    [
        Packets.Tcp("100.64.0.1:1", "100.64.0.2:22"),
        Packets.Udp("100.64.0.1:1", "100.64.0.2:22"),
        Packets.Icmp("100.64.0.1", "100.64.0.2", 8),
        Packets.Fragment(Packets.Ip("100.64.0.1", "100.64.0.2", 17, new byte[100]), 0, true),
        Packets.Tcp("[fd00::1]:1", "[fd7a:115c:a1e0::2]:8005"),
        Packets.FragmentV6("fd00::1", "fd7a:115c:a1e0::2", 17, 0, true, new byte[100]),
    ];

    [Fact]
    public void Random_bytes_never_throw()
    {
        PacketFilter filter = Rules.Policy();
        Gen.Select(Gen.Byte.Array[0, 120], Gen.Int[0, 2]).Sample((bytes, kind) =>
        {
            if (bytes.Length > 0 && kind > 0)
            {
                bytes[0] = kind == 1 ? (byte)0x45 : (byte)0x60;
            }

            filter.NoteOut(bytes);
            Assert.True(Enum.IsDefined(filter.CheckIn(bytes)));
        }, iter: 50_000);
    }

    [Fact]
    public void Any_one_or_two_flipped_bits_and_any_cut_never_throw()
    {
        PacketFilter filter = Rules.Policy();
        Random random = new(20261123);
        foreach (byte[] sample in Samples)
        {
            for (int bit = 0; bit < sample.Length * 8; bit++)
            {
                byte[] flipped = (byte[])sample.Clone();
                flipped[bit >> 3] ^= (byte)(1 << (bit & 7));
                filter.CheckIn(flipped);
                int second = random.Next(sample.Length * 8);
                flipped[second >> 3] ^= (byte)(1 << (second & 7));
                filter.CheckIn(flipped);
                filter.NoteOut(flipped);
                filter.CheckIn(flipped.AsSpan(0, random.Next(flipped.Length)));
            }
        }
    }

    [Fact]
    public void Whatever_the_packet_says_a_shut_filter_opens_no_connection()
    {
        PacketFilter shut = Rules.Filter();
        Random random = new(3);
        byte[] packet = Packets.Tcp("100.64.0.1:1", "100.64.0.2:22");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = (byte[])packet.Clone();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            bool unfragmentedTcp = changed[0] == 0x45 && changed[9] == 6 && (changed[6] & 0x3F) == 0 && changed[7] == 0;
            if (unfragmentedTcp && (changed[33] & 0x12) == 2)
            {
                Assert.NotEqual(Verdict.Accept, shut.CheckIn(changed));
            }
        }
    }

    [Fact]
    public void A_packet_costs_no_allocation()
    {
        PacketFilter filter = Rules.Policy();
        Run(filter, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(filter, 2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static void Run(PacketFilter filter, int count)
    {
        for (int i = 0; i < count; i++)
        {
            foreach (byte[] sample in Samples)
            {
                sample[^1] = (byte)i;
                sample[21] = (byte)i;
                filter.NoteOut(sample);
                filter.CheckIn(sample);
            }
        }
    }
}
