using System;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Packets that wait for a session, and how packets are padded. Fact sheet, sections 1.2 and 1.6.</summary>
public class StagingTests
{
    [Fact]
    public void Waiting_packets_leave_in_order_when_the_session_is_up()
    {
        var wire = new EavesdroppingWire();
        for (int i = 0; i < 10; i++)
        {
            wire.Send(wire.Initiator, 40 + (i * 100), i, ipv6: i % 2 == 1);
        }

        wire.Advance(1000);
        Assert.Equal(Enumerable.Range(0, 10), wire.Responder.Delivered.Select(InnerPackets.NumberOf));
        Assert.Equal(0, wire.Count(PacketKind.Keepalive));
    }

    [Fact]
    public void A_full_queue_drops_the_oldest_and_counts_it()
    {
        var wire = new EavesdroppingWire(limits: new DeviceLimits { StagedPackets = 4 });
        for (int i = 0; i < 7; i++)
        {
            wire.Send(wire.Initiator, number: i);
        }

        wire.Advance(1000);
        Assert.Equal([3, 4, 5, 6], wire.Responder.Delivered.Select(InnerPackets.NumberOf));
        Assert.Equal(3, wire.Initiator.Device.DropCount(DeviceFault.StagedOverflow));
    }

    [Theory]
    [InlineData(0, 1280, 0)]
    [InlineData(1, 1280, 16)]
    [InlineData(16, 1280, 16)]
    [InlineData(1279, 1280, 1280)]
    [InlineData(1280, 1280, 1280)]
    [InlineData(1419, 1420, 1420)]
    [InlineData(1413, 1420, 1420)]
    [InlineData(1300, 1280, 1312)]
    [InlineData(2560, 1280, 2560)]
    public void Packets_are_padded_to_16_but_not_beyond_the_mtu(int length, int mtu, int padded)
    {
        Assert.Equal(padded, TransportMessage.PaddedLength(length, mtu));
    }

    [Fact]
    public void Padding_is_zero_and_never_reaches_the_host()
    {
        var wire = new EavesdroppingWire();
        wire.Connect();
        for (int payload = 4; payload < 64; payload++)
        {
            byte[] v4 = wire.Send(wire.Initiator, payload), v6 = wire.Send(wire.Initiator, payload, ipv6: true);
            wire.Advance(100);
            Assert.Equal([v4, v6], wire.Responder.Delivered.TakeLast(2));
        }

        Assert.All(wire.Log.Where(c => c.Kind == PacketKind.Data), c => Assert.Equal(0, c.Bytes.Length % 16));
    }

    [Fact]
    public void A_packet_may_be_sealed_where_it_lies()
    {
        var wire = new EavesdroppingWire();
        wire.Connect();
        byte[] packet = InnerPackets.Create(wire.Initiator.Address, wire.Responder.Address, 100), buffer = new byte[300];
        packet.CopyTo(buffer, 16);
        Assert.Equal(DeviceResult.SendToNetwork, wire.Initiator.Device.Send(buffer, 16, packet.Length, wire.NowMs, buffer, 0));
        wire.Inject(wire.Responder, buffer[..wire.Initiator.Device.Written]);
        Assert.Equal(packet, wire.Responder.Delivered.Single());
    }

    [Fact]
    public void What_has_no_route_or_is_no_packet_is_refused()
    {
        var wire = new EavesdroppingWire();
        byte[] output = new byte[70000];
        DeviceFault Fault(byte[] packet)
        {
            Assert.Equal(DeviceResult.Rejected, wire.Initiator.Device.Send(packet, 0, packet.Length, 0, output, 0));
            return wire.Initiator.Device.LastFault;
        }

        Assert.Equal(DeviceFault.NoRoute, Fault(InnerPackets.Create("10.0.0.1", "10.0.0.200", 0)));
        Assert.Equal(DeviceFault.NoRoute, Fault(InnerPackets.Create("fd00::1", "fd00::99", 0)));
        Assert.Equal(DeviceFault.MalformedHostPacket, Fault([]));
        Assert.Equal(DeviceFault.MalformedHostPacket, Fault(new byte[19]));
        Assert.Equal(DeviceFault.MalformedHostPacket, Fault([0x60, .. new byte[38]]));
        Assert.Equal(DeviceFault.MalformedHostPacket, Fault([0x45, .. new byte[65500]]));
    }

    [Fact]
    public void Broken_callers_hear_of_it()
    {
        WireGuardDevice device = new EavesdroppingWire().Initiator.Device;
        byte[] datagram = new byte[32], output = new byte[96], source = new byte[18];
        Assert.Throws<ArgumentException>(() => device.Receive(datagram, 1, 32, source, 0, output, 0));
        Assert.Throws<ArgumentException>(() => device.Receive(datagram, 0, 32, source, 0, output, 1));
        Assert.Throws<ArgumentException>(() => device.Receive(datagram, 0, 32, new byte[6], 0, output, 0));
        Assert.Throws<ArgumentException>(() => device.Receive(datagram, 0, 32, source, -1, output, 0));
        Assert.Throws<ArgumentException>(() => device.Send(datagram, 0, 33, 0, output, 0));
        Assert.Throws<ArgumentException>(() => device.Poll(0, output, 0));
        Assert.Throws<ArgumentException>(() => device.AddPeer(new byte[31], null));
        Assert.Throws<ArgumentException>(() => device.AddPeer(device.PublicKey, null));
        Assert.Throws<ArgumentException>(() => device.PeerAt(1));
        Assert.Throws<ArgumentException>(() => device.PeerAt(0).SetEndpoint(new byte[17]));
        Assert.Throws<ArgumentException>(() => new WireGuardDevice(new PortableSuite(), new ScriptedRandom(1), new Tai64nClock(0), new byte[33]));
        Assert.Throws<ArgumentException>(() => device.RemovePeer(new EavesdroppingWire().Initiator.Device.PeerAt(0)));
    }
}
