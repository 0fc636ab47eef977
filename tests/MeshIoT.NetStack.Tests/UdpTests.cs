using System;
using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 768, RFC 8200 section 8.1.</summary>
public class UdpTests
{
    readonly Probe probe = new();
    readonly byte[] buffer = new byte[2000];
    readonly UdpSource source = new();

    [Fact]
    public void Datagrams_arrive_whole_in_order_and_with_their_source()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        probe.Input(Packets.Udp(Addresses.Left4, 1111, Addresses.Right4, 5000, Packets.Numbered(10)));
        probe.Input(Packets.Udp(Addresses.Left6, 2222, Addresses.Right6, 5000, []));
        Assert.Equal(10, socket.ReceiveFrom(buffer, 0, 100, source));
        Assert.Equal(Packets.Numbered(10), buffer[..10]);
        Assert.Equal([1111, Addresses.Left4, Addresses.Right4], new object[] { source.Port, source.Address, source.LocalAddress });
        Assert.Equal(0, socket.ReceiveFrom(buffer, 0, 100, source));
        Assert.Equal([2222, Addresses.Left6, Addresses.Right6], new object[] { source.Port, source.Address, source.LocalAddress });
        Assert.Equal(-1, socket.ReceiveFrom(buffer, 0, 100, source));
    }

    [Fact]
    public void A_buffer_too_short_gets_the_beginning_and_is_told()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        probe.Input(Packets.Udp(Addresses.Left4, 1111, Addresses.Right4, 5000, Packets.Numbered(10)));
        Assert.Equal(4, socket.ReceiveFrom(buffer, 0, 4, source));
        Assert.Equal(10, source.DatagramLength);
        Assert.Equal(-1, socket.ReceiveFrom(buffer, 0, 4, source));
    }

    [Fact]
    public void What_is_sent_is_a_right_datagram()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        Assert.True(socket.SendTo(Packets.Numbered(10), 3, 5, Addresses.Left4, 7));
        Assert.True(socket.SendTo(Packets.Numbered(10), 3, 5, Addresses.Left6, 7));
        Assert.Equal([Packets.Udp(Addresses.Right4, 5000, Addresses.Left4, 7, Packets.Numbered(5, 3)), Packets.Udp(Addresses.Right6, 5000, Addresses.Left6, 7, Packets.Numbered(5, 3))], probe.Take());
    }

    [Fact]
    public void The_largest_datagram_fills_the_MTU_and_no_more()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        Assert.False(socket.SendTo(buffer, 0, 1253, Addresses.Left4, 7));
        Assert.False(socket.SendTo(buffer, 0, 1233, Addresses.Left6, 7));
        Assert.True(socket.SendTo(buffer, 0, 1252, Addresses.Left4, 7));
        Assert.True(socket.SendTo(buffer, 0, 1232, Addresses.Left6, 7));
        Assert.All(probe.Take(), p => Assert.Equal(1280, p.Length));
    }

    [Fact]
    public void A_full_send_queue_refuses()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        Assert.Equal(new StackLimits().DatagramQueuePackets, Enumerable.Range(0, 100).Count(_ => socket.SendTo(buffer, 0, 1, Addresses.Left4, 7)));
    }

    [Fact]
    public void A_full_receive_queue_drops_and_counts_and_keeps_what_it_has()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        for (int i = 0; i < 100; i++)
        {
            probe.Input(Packets.Udp(Addresses.Left4, 1111, Addresses.Right4, 5000, Packets.Numbered(1000, i)));
        }

        int kept = 0;
        while (socket.ReceiveFrom(buffer, 0, 2000, source) == 1000)
        {
            Assert.Equal((byte)kept, buffer[0]);
            kept++;
        }

        Assert.InRange(kept, 10, 16);
        Assert.Equal(100 - kept, probe.Stack.DropCount(DropReason.UdpQueueFull));
    }

    [Fact]
    public void Checksums_are_checked_but_IPv4_may_do_without()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        byte[] wrong = Packets.Udp(Addresses.Left4, 1, Addresses.Right4, 5000, [1]), none4 = (byte[])wrong.Clone();
        wrong[^1]++;
        none4[26] = none4[27] = 0;
        byte[] none6 = Packets.Udp(Addresses.Left6, 1, Addresses.Right6, 5000, [1]);
        none6[46] = none6[47] = 0;
        probe.Input(wrong);
        probe.Input(none6);
        Assert.False(socket.HasDatagram);
        Assert.Equal(2, probe.Stack.DropCount(DropReason.BadChecksum));
        probe.Input(none4);
        Assert.True(socket.HasDatagram);
    }

    [Fact]
    public void A_length_field_that_lies_is_dropped()
    {
        probe.Stack.OpenUdp(5000, null);
        foreach (int length in new[] { 0, 7, 10, 65535 })
        {
            byte[] packet = Packets.Udp(Addresses.Left4, 1, Addresses.Right4, 5000, [1]);
            BigEndian.Put16(packet, 24, length);
            probe.Input(packet);
        }

        Assert.Equal(4, probe.Stack.DropCount(DropReason.BadHeader));
    }

    [Fact]
    public void A_port_is_opened_once_and_free_again_when_closed()
    {
        UdpSocket socket = probe.Stack.OpenUdp(5000, null);
        Assert.Throws<InvalidOperationException>(() => probe.Stack.OpenUdp(5000, null));
        socket.Close();
        Assert.False(socket.SendTo(buffer, 0, 1, Addresses.Left4, 7));
        probe.Stack.OpenUdp(5000, null);
        Assert.InRange(probe.Stack.OpenUdp(0, null).LocalPort, 49152, 65535);
    }

    [Fact]
    public void Sockets_are_limited()
    {
        for (int i = 0; i < new StackLimits().MaxUdpSockets; i++)
        {
            probe.Stack.OpenUdp(0, null);
        }

        Assert.Throws<InvalidOperationException>(() => probe.Stack.OpenUdp(0, null));
    }
}
