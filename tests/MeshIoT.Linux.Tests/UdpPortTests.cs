using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Linux.Tests;

public class UdpPortTests
{
    static byte[] Endpoint(IPAddress address, int port)
    {
        byte[] endpoint = new byte[UdpPort.EndpointSize];
        address.MapToIPv6().TryWriteBytes(endpoint, out _);
        BinaryPrimitives.WriteUInt16BigEndian(endpoint.AsSpan(16), (ushort)port);
        return endpoint;
    }

    static int ReceiveSoon(UdpPort port, byte[] buffer, byte[] source)
    {
        using Poller poller = new(port.FileDescriptor);
        poller.Wait(2000);
        return port.Receive(buffer, source);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.1", "127.0.0.1")]
    [InlineData("::", "0.0.0.0", "127.0.0.1")]
    [InlineData("::", "::", "::1")]
    [InlineData("::1", "::", "::1")]
    [InlineData("::ffff:127.0.0.1", "::", "127.0.0.1")]
    public void A_datagram_arrives_with_the_endpoint_it_came_from(string bindReceiver, string bindSender, string target)
    {
        Assert.SkipWhen(!Socket.OSSupportsIPv6 && target.Contains(':', StringComparison.Ordinal), "no IPv6 here");
        using UdpPort receiver = UdpPort.Open(IPAddress.Parse(bindReceiver), 0);
        using UdpPort sender = UdpPort.Open(IPAddress.Parse(bindSender), 0);
        byte[] buffer = new byte[100], source = new byte[UdpPort.EndpointSize];
        Assert.Equal(-1, receiver.Receive(buffer, source));
        Assert.True(sender.Send("21.5"u8, Endpoint(IPAddress.Parse(target), receiver.LocalPort)));
        Assert.Equal(4, ReceiveSoon(receiver, buffer, source));
        Assert.Equal("21.5"u8, buffer.AsSpan(0, 4));
        Assert.Equal(Endpoint(IPAddress.Parse(target), sender.LocalPort), source);

        // And the way back, to the endpoint just learnt.
        Assert.True(receiver.Send("ok"u8, source));
        Assert.Equal(2, ReceiveSoon(sender, buffer, source));
    }

    [Fact]
    public void A_datagram_longer_than_the_buffer_is_dropped_and_counted_and_the_next_one_arrives()
    {
        using UdpPort port = UdpPort.Open(IPAddress.Loopback, 0);
        byte[] self = Endpoint(IPAddress.Loopback, port.LocalPort), source = new byte[UdpPort.EndpointSize];
        port.Send(new byte[101], self);
        port.Send(new byte[100], self);
        Assert.Equal(100, ReceiveSoon(port, new byte[100], source));
        Assert.Equal(1, port.OversizeDrops);
    }

    [Fact]
    public void An_IPv4_port_drops_and_counts_a_datagram_for_an_IPv6_endpoint()
    {
        using UdpPort port = UdpPort.Open(IPAddress.Loopback, 0);
        Assert.False(port.Send("x"u8, Endpoint(IPAddress.Parse("2001:db8::1"), 9)));
        Assert.Equal(1, port.SendDrops);
    }

    [Fact]
    public void A_port_in_use_says_so_and_how_to_find_who_has_it()
    {
        using UdpPort first = UdpPort.Open(IPAddress.Loopback, 0);
        FaultException e = Assert.Throws<FaultException>(() => UdpPort.Open(IPAddress.Loopback, first.LocalPort));
        Assert.Same(Faults.UdpPortInUse, e.Report.Fault);
        Assert.Contains($"ss -ulpn sport = :{first.LocalPort}", e.Report.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_machine_is_refused_by_name()
    {
        FaultException e = Assert.Throws<FaultException>(() => UdpPort.Open(IPAddress.Parse("192.0.2.77"), 41641));
        Assert.Same(Faults.UdpAddressNotLocal, e.Report.Fault);
        Assert.Contains("192.0.2.77", e.Report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_privileged_port_without_the_right_is_a_refusal() => Isolation.InNetworkNamespace(() => Isolation.WithoutRights(() =>
    {
        FaultException e = Assert.Throws<FaultException>(() => UdpPort.Open(IPAddress.Loopback, 53));
        Assert.Same(Faults.UdpPortDenied, e.Report.Fault);
    }));

    [Fact]
    public void A_packet_through_the_port_and_the_poller_costs_no_allocation()
    {
        using UdpPort port = UdpPort.Open(IPAddress.Loopback, 0);
        using Poller poller = new(port.FileDescriptor);
        byte[] self = Endpoint(IPAddress.Loopback, port.LocalPort), buffer = new byte[1500], source = new byte[UdpPort.EndpointSize];
        long before = 0;
        for (int i = 0; i < 300; i++)
        {
            if (i == 100)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            port.Send(buffer.AsSpan(0, 1400), self);
            poller.Wait(1000);
            port.Receive(buffer, source);
            port.Receive(buffer, source);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
