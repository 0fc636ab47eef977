using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Linux.Tests;

public class TunTests
{
    internal static TunDevice OpenTun(string name)
    {
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "no /dev/net/tun here");
        return TunDevice.Open(name, 1280);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("mesh%d")]
    [InlineData("..")]
    [InlineData("meshïot")]
    public void A_name_the_kernel_would_refuse_is_refused_in_words(string name)
    {
        FaultException e = Assert.Throws<FaultException>(() => TunDevice.Open(name, 1280));
        Assert.Same(Faults.TunNameInvalid, e.Report.Fault);
        Assert.Equal(ExitCodes.Usage, e.Report.Fault.ExitCode);
    }

    [Fact]
    public void Without_rights_the_tunnel_is_refused_and_the_way_out_named() => Isolation.WithoutRights(() =>
    {
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "no /dev/net/tun here");
        FaultException e = Assert.Throws<FaultException>(() => TunDevice.Open("meshtest9", 1280));
        Assert.Same(Faults.TunDenied, e.Report.Fault);
        Assert.Contains("userspace", e.Report.Next, StringComparison.Ordinal);
    });

    [Fact]
    public void A_name_that_is_taken_is_reported_as_taken() => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = OpenTun("twice0");
        FaultException e = Assert.Throws<FaultException>(() => TunDevice.Open("twice0", 1280));
        Assert.Same(Faults.TunBusy, e.Report.Fault);

        // lo exists and is no tunnel.
        Assert.Same(Faults.TunBusy, Assert.Throws<FaultException>(() => TunDevice.Open("lo", 1280)).Report.Fault);
    });

    [Fact]
    public void A_packet_of_the_host_is_read_and_the_answer_reaches_the_program() => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = OpenTun("echo0");
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.AddAddress(IPAddress.Parse("100.64.0.1"), 32);
        link.Up();
        link.AddRules();
        link.AddRoute(IPNetwork.Parse("100.64.0.2/32"));
        byte[] packet = new byte[1500];
        while (tun.Read(packet) > 0)
        {
            // Router solicitations of the host.
        }

        using Socket program = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 2000 };
        program.Connect(IPAddress.Parse("100.64.0.2"), 7);
        program.Send("hello"u8);
        using Poller poller = new(tun.FileDescriptor);
        int length;
        do
        {
            Assert.Equal(1, poller.Wait(2000));
            length = tun.Read(packet);
        }
        while (packet[0] >> 4 != 4);
        Assert.Equal(20 + 8 + 5, length);
        Assert.Equal("hello"u8, packet.AsSpan(28, 5));

        // Swapping both ends keeps every checksum right.
        (packet[12..16], packet[16..20]).CopySwapped(packet, 12, 16);
        (packet[20..22], packet[22..24]).CopySwapped(packet, 20, 22);
        Assert.True(tun.Write(packet.AsSpan(0, length)));
        byte[] answer = new byte[16];
        Assert.Equal(5, program.Receive(answer));
        while (tun.Read(packet) > 0)
        {
            Assert.Equal(6, packet[0] >> 4); // a router solicitation again, on a slow machine
        }
    });

    [Fact]
    public void A_malformed_packet_is_refused_and_counted() => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = OpenTun("bad0");
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.Up();
        Assert.False(tun.Write([0xff, 1, 2, 3]));
        Assert.Equal(1, tun.WriteDrops);
    });

    [Fact]
    public void An_interface_that_somebody_removes_is_reported_as_gone() => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = OpenTun("gone0");
        LinkConfigTests.Ip("link delete gone0");
        using Poller poller = new(tun.FileDescriptor);
        Assert.Equal(1, poller.Wait(2000));
        FaultException e = Assert.Throws<FaultException>(() => tun.Read(new byte[1500]));
        Assert.Same(Faults.TunGone, e.Report.Fault);
        Assert.Contains("gone0", e.Report.Message, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interface_that_somebody_removes_is_made_anew_where_it_stood(bool offloads) => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = TunDevice.Open("again0", 1420, offloads ? Offloads.TunTcp : Offloads.None);
        int gone = 0;
        tun.Gone = () => gone++;
        int descriptor = tun.FileDescriptor;
        using Poller poller = new(descriptor);
        for (int round = 1; round <= 3; round++)
        {
            LinkConfigTests.Ip("link delete again0");
            Assert.Equal(1, poller.Wait(2000));
            Assert.Equal(-1, tun.Read(new byte[1500]));
            Assert.Equal(round, gone);
            Assert.True(tun.IsGone);

            // Nothing is ready any more, nothing is read, and what is written is only counted.
            Assert.Equal(0, poller.Wait(0));
            Assert.Equal(-1, tun.Read(new byte[1500]));
            Assert.Equal(round, gone);
            long drops = tun.WriteDrops;
            Assert.False(tun.Write(EchoRequest()));
            Assert.Equal(drops + 1, tun.WriteDrops);

            using (TunRenewal renewal = tun.Renew(1300))
            {
                Assert.True(tun.Adopt(renewal));
            }

            Assert.Equal((false, round, descriptor, offloads), (tun.IsGone, tun.Renewals, tun.FileDescriptor, tun.Offloads == Offloads.TunTcp));
            using LinkConfig link = LinkConfig.Open("again0");
            link.Up();
            link.AddAddress(System.Net.IPAddress.Parse("192.0.2.1"), 24);
            Assert.Contains("mtu 1300", LinkConfigTests.Ip("link show again0"), StringComparison.Ordinal);

            // The kernel answers a ping that comes by it.
            Assert.True(tun.Write(EchoRequest()));
            byte[] answer = new byte[1500];
            int length = -1;
            for (int i = 0; i < 100 && !(length > 20 && answer[0] == 0x45 && answer[9] == 1); i++)
            {
                poller.Wait(100);
                length = tun.Read(answer);
            }

            Assert.Equal(28, length);
            Assert.Equal(0, answer[20]);
        }
    });

    // ICMP echo from 192.0.2.2 to 192.0.2.1, checksums as RFC 1071 has them.
    static byte[] EchoRequest()
    {
        byte[] packet =
        [
            0x45, 0, 0, 28, 0, 1, 0, 0, 64, 1, 0, 0, 192, 0, 2, 2, 192, 0, 2, 1,
            8, 0, 0xf7, 0xfe, 0, 1, 0, 0,
        ];
        int sum = 0;
        for (int i = 0; i < 20; i += 2)
        {
            sum += (packet[i] << 8) + packet[i + 1];
        }

        sum = (sum & 0xffff) + (sum >> 16);
        (packet[10], packet[11]) = ((byte)(~sum >> 8), (byte)~sum);
        return packet;
    }

    [Fact]
    public void Reading_and_writing_packets_allocates_nothing() => Isolation.InNetworkNamespace(() =>
    {
        using TunDevice tun = OpenTun("alloc0");
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.Up();
        byte[] packet = new byte[1500];
        long before = 0;
        for (int i = 0; i < 300; i++)
        {
            if (i == 100)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            tun.Read(packet);
            packet[0] = 0x45;
            tun.Write(packet.AsSpan(0, 40));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    });
}

file static class Swapping
{
    public static void CopySwapped(this (byte[] First, byte[] Second) parts, byte[] target, int firstAt, int secondAt)
    {
        parts.Second.CopyTo(target, firstAt);
        parts.First.CopyTo(target, secondAt);
    }
}
