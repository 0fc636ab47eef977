using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using Xunit;

namespace MeshIoT.Linux.Tests.Offload;

/// <summary>
/// The kernel is the judge: it forwards large packets from one tunnel to another, to one that takes them as they are, or to one for which it must
/// cut them itself. Either way the small ones that went in come out, one hop further.
/// </summary>
public class TunOffloadTests
{
    const int Mss = 1200;

    static void Forward(bool offloadsOut, bool offloadsIn, bool six, Action<TunDevice, TunDevice> body) => Isolation.InNetworkNamespace(() =>
    {
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "no /dev/net/tun here");
        using TunDevice from = TunDevice.Open("from0", 1280, offloadsIn ? Offloads.All : Offloads.None), to = TunDevice.Open("to0", 1280, offloadsOut ? Offloads.All : Offloads.None);
        Assert.SkipUnless(from.Offloads != Offloads.None || !offloadsIn, "this kernel has no offloads for tunnels");
        LinkConfigTests.Ip("link set from0 up");
        LinkConfigTests.Ip("link set to0 up");
        LinkConfigTests.Ip(six ? "-6 route add fd00::2 dev to0" : "route add 100.64.0.2 dev to0");
        LinkConfigTests.Ip(six ? "-6 route add fd00::1 dev from0" : "route add 100.64.0.1 dev from0");
        File.WriteAllText(six ? "/proc/sys/net/ipv6/conf/all/forwarding" : "/proc/sys/net/ipv4/ip_forward", "1");
        body(from, to);
    });

    // What a router makes of a packet: one hop less (and the checksum of IPv4).
    static byte[] OneHopFurther(byte[] packet)
    {
        byte[] after = [.. packet];
        bool four = packet[0] >> 4 == 4;
        after[four ? 8 : 7]--;
        Packets.FixChecksums(after, (four ? packet[9] : packet[6]) == 17 ? 6 : 16);
        return Packets.WithoutIdentification(after);
    }

    static unsafe void WriteAll(TunDevice tun, byte[][] packets)
    {
        byte[] memory = GC.AllocateArray<byte>(packets.Sum(static packet => packet.Length + TunDevice.Headroom), pinned: true);
        int at = 0;
        foreach (byte[] packet in packets)
        {
            packet.CopyTo(memory, at + TunDevice.Headroom);
            tun.WriteLater((byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref memory[at + TunDevice.Headroom]), packet.Length);
            at += TunDevice.Headroom + packet.Length;
        }

        tun.Flush();
    }

    static List<byte[]> ReadAll(TunDevice tun, int count)
    {
        List<byte[]> read = [];
        byte[] buffer = new byte[1280];
        using Poller poller = new(tun.FileDescriptor);
        for (int waits = 0; read.Count < count && waits < 100;)
        {
            int length = tun.Read(buffer);
            if (length < 0)
            {
                waits++;
                poller.Wait(100);
            }
            else if ((buffer[0] >> 4 == 4 ? buffer[9] : buffer[6]) is 6 or 17)
            {
                read.Add(buffer[..length]);
            }
        }

        return read;
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    public void What_goes_in_comes_out_of_the_other_tunnel(bool offloadsOut, bool offloadsIn, bool six) => Forward(offloadsOut, offloadsIn, six, (from, to) =>
    {
        byte[][] packets =
        [
            .. Enumerable.Range(0, 45).Select(i => Packets.Tcp(six, 0, 77u + (uint)(i * Mss), Mss, id: (ushort)(65_500 + i))),
            Packets.Tcp(six, 0, 77 + (45 * Mss), 300, Packets.Ack | Packets.Push, id: unchecked((ushort)(65_500 + 45))),
            Packets.Tcp(six, 0, 377 + (45 * Mss), 0, Packets.Ack | Packets.Fin, id: 12),
            .. Enumerable.Range(0, 30).Select(i => Packets.Udp(six, 900, id: (ushort)i)),
            Packets.Udp(six, 31, id: 30),
        ];
        WriteAll(from, packets);
        Assert.Equal(0, from.WriteDrops);
        List<byte[]> read = ReadAll(to, packets.Length);
        Assert.Equal(packets.Select(OneHopFurther), read.Select(Packets.WithoutIdentification));
        Assert.Equal(0, to.CutDrops);
        Assert.Equal(offloadsIn ? (from.Offloads.HasFlag(Offloads.TunUdp) ? 2 : 1) : 0, from.LargePackets.Joined);
        Assert.True(to.LargePackets.Cut > 0 == (offloadsIn && offloadsOut), $"{to.LargePackets.Cut} large packets came");
    });

    [Fact]
    public void A_tunnel_that_is_down_loses_packets_but_not_its_abilities() => Isolation.InNetworkNamespace(() =>
    {
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "no /dev/net/tun here");
        using TunDevice tun = TunDevice.Open("down0", 1280, Offloads.TunTcp);
        WriteAll(tun, [.. Enumerable.Range(0, 4).Select(static i => Packets.Tcp(false, 0, (uint)(i * Mss), Mss, id: (ushort)i))]);
        Assert.Equal(1, tun.WriteDrops);
        Assert.False(tun.Write(Packets.Udp(false, 3)));
    });
}
