using System;
using System.IO;
using System.Net;
using Xunit;

namespace MeshIoT.Linux.Tests;

public class UdpPortRebindTests
{
    static byte[] Loopback(int port) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1, (byte)(port >> 8), (byte)port];

    static void Exchange(UdpPort from, UdpPort to, Poller wait)
    {
        byte[] buffer = new byte[16], source = new byte[UdpPort.EndpointSize];
        Assert.True(from.Send([1, 2, 3], Loopback(to.LocalPort)));
        Assert.Equal(1, wait.Wait(10_000));
        Assert.Equal(3, to.Receive(buffer, source));
        Assert.Equal(Loopback(from.LocalPort), source);
    }

    [Theory]
    [InlineData("::")]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    public void A_new_socket_has_the_old_descriptor_and_the_old_port(string bind)
    {
        using UdpPort port = UdpPort.Open(IPAddress.Parse(bind), 0), other = UdpPort.Open(IPAddress.Loopback, 0);
        using Poller atPort = new(port.FileDescriptor), atOther = new(other.FileDescriptor);
        (int number, int descriptor) = (port.LocalPort, port.FileDescriptor);
        port.Moved += _ => Assert.Fail("it moved");
        Exchange(port, other, atOther);
        Assert.True(port.Rebind());
        Assert.Equal((number, descriptor, 1L), (port.LocalPort, port.FileDescriptor, port.Rebinds));
        Exchange(port, other, atOther);
        Exchange(other, port, atPort);
    }

    [Fact]
    public void A_refused_datagram_brings_a_new_socket_at_most_every_five_seconds() => Isolation.InNetworkNamespace(() =>
    {
        LinkConfigTests.Ip("link set lo up");
        using UdpPort port = UdpPort.Open(IPAddress.Any, 0);
        Assert.SkipUnless(Nft("add table ip t") && Nft("add chain ip t o { type filter hook output priority 0; policy drop; }"), "nft is not here");
        for (int i = 0; i < 100; i++)
        {
            Assert.False(port.Send([1], Loopback(9)));
        }

        Assert.Equal(1, port.Rebinds);
        Assert.True(Nft("delete table ip t"));
        Assert.True(port.Send([1], Loopback(9)));
    });

    [Fact]
    public void An_address_that_went_and_came_back_serves_again() => Isolation.InNetworkNamespace(() =>
    {
        LinkConfigTests.Ip("link set lo up");
        LinkConfigTests.Ip("address add 10.7.7.7/32 dev lo");
        using UdpPort port = UdpPort.Open(IPAddress.Parse("10.7.7.7"), 0), other = UdpPort.Open(IPAddress.Loopback, 0);
        int number = port.LocalPort;
        LinkConfigTests.Ip("address del 10.7.7.7/32 dev lo");
        Assert.True(port.Rebind());
        Assert.False(port.Send([1], Loopback(other.LocalPort)));
        LinkConfigTests.Ip("address add 10.7.7.7/32 dev lo");
        Assert.True(port.Send([1], Loopback(other.LocalPort)));
        Assert.Equal(number, port.LocalPort);
    });

    [Fact]
    public void A_machine_whose_IPv6_is_switched_off_has_a_port_all_the_same() => Isolation.InNetworkNamespace(() =>
    {
        LinkConfigTests.Ip("link set lo up");
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
        using UdpPort port = UdpPort.Open(IPAddress.IPv6Any, 0), other = UdpPort.Open(IPAddress.Loopback, 0);
        using Poller atOther = new(other.FileDescriptor);
        Exchange(port, other, atOther);
        Assert.True(port.Rebind());
        Exchange(port, other, atOther);
    });

    static bool Nft(string arguments)
    {
        try
        {
            using System.Diagnostics.Process nft = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo("nft", [.. arguments.Split(' ')]) { RedirectStandardError = true })!;
            nft.WaitForExit();
            return nft.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
