using System;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>A data packet costs no allocation: a garbage collection in the packet path is a hiccup for every flow. Budget 0 bytes; last measured 0.</summary>
public class AllocationTests
{
    [Theory]
    [InlineData("portable")]
    [InlineData("sodium")]
    public void Packets_allocate_nothing_once_a_session_is_up(string suite)
    {
        var wire = new EavesdroppingWire(Suites.Named(suite));
        wire.Connect();
        byte[] packet = InnerPackets.Create(wire.Initiator.Address, wire.Responder.Address, 1000);
        byte[] back = InnerPackets.Create(wire.Responder.Address6, wire.Initiator.Address6, 1000);
        byte[] first = new byte[1500], second = new byte[1500];
        Exchange(wire, packet, back, first, second, 200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(wire, packet, back, first, second, 2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(DeviceFault.WrongLength)]
    [InlineData(DeviceFault.UnknownType)]
    [InlineData(DeviceFault.BadMac1)]
    [InlineData(DeviceFault.UnknownIndex)]
    [InlineData(DeviceFault.ForgedData)]
    [InlineData(DeviceFault.ReplayedData)]
    [InlineData(DeviceFault.CookieRequired)]
    [InlineData(DeviceFault.ForgedCookie)]
    public void What_a_stranger_floods_allocates_nothing(DeviceFault fault)
    {
        var wire = new EavesdroppingWire();
        wire.Send(wire.Initiator);
        wire.Advance(1000);
        byte[] initiation = wire.Log.Find(c => c.Kind == PacketKind.Initiation)!.Bytes;
        wire.Send(wire.Initiator, 500);
        wire.Advance(1000);
        byte[] data = wire.Log.FindLast(c => c.Kind == PacketKind.Data)!.Bytes;
        byte[] bad = fault switch
        {
            DeviceFault.WrongLength => data[..20],
            DeviceFault.UnknownType => [9, .. data[1..]],
            DeviceFault.BadMac1 => [1, 0, 0, 0, .. new byte[144]],
            DeviceFault.UnknownIndex => [4, 0, 0, 0, 1, 2, 3, 4, .. data[8..]],
            DeviceFault.CookieRequired => initiation,
            DeviceFault.ForgedCookie => [3, 0, 0, 0, .. data[4..8], .. new byte[56]],
            DeviceFault.ForgedData => [.. data[..^1], (byte)(data[^1] ^ 1)],
            _ => data,
        };
        WireGuardDevice device = wire.Responder.Device;
        byte[] output = new byte[2000];
        device.UnderLoad = fault == DeviceFault.CookieRequired;
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            before = i == 500 ? GC.GetAllocatedBytesForCurrentThread() : before;
            device.Receive(bad, 0, bad.Length, wire.Initiator.Endpoint, wire.NowMs, output, 0);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(fault, device.LastFault);
        Assert.Equal(0, allocated);
    }

    static void Exchange(EavesdroppingWire wire, byte[] packet, byte[] back, byte[] first, byte[] second, int count)
    {
        TestNode a = wire.Initiator, b = wire.Responder;
        for (int i = 0; i < count; i++)
        {
            One(a, b, packet, first, second, wire.NowMs);
            One(b, a, back, first, second, wire.NowMs);
        }
    }

    static void One(TestNode from, TestNode to, byte[] packet, byte[] first, byte[] second, long nowMs)
    {
        DeviceResult sent = from.Device.Send(packet, 0, packet.Length, nowMs, first, 0);
        int length = from.Device.Written;
        if (sent != DeviceResult.SendToNetwork ||
            from.Device.Poll(nowMs, second, 0) != DeviceResult.Done ||
            to.Device.Receive(first, 0, length, from.Endpoint, nowMs, second, 0) != DeviceResult.DeliverToHost ||
            to.Device.Poll(nowMs, first, 0) != DeviceResult.Done ||
            to.Device.NextWakeMs <= nowMs)
        {
            throw new InvalidOperationException("a packet did not come through: " + to.Device.LastFault);
        }
    }
}
