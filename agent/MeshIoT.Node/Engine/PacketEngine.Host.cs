using System;
using MeshIoT.Filter;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>The host side: packets to and from the machine, and the few the engine answers itself.</content>
internal sealed partial class PacketEngine
{
    readonly byte[] hostPacket = new byte[LargestDatagram];
    readonly byte[] reply = new byte[Math.Max(TunnelPing.LargestPacket, Tsmp.LargestPacket)];
    PacketFilter filter = PacketFilter.Compile([], [], out _);

    /// <summary>Packets from peers that the filter did not let in.</summary>
    public long FilterDrops { get; private set; }

    /// <summary>Packets of this machine that no peer is to get.</summary>
    public long UnroutedDrops { get; private set; }

    // False: no peer has the destination.
    bool Outbound(byte[] packet, int length, long nowMs)
    {
        if (OutboundOwn(packet, length, nowMs) is not { } slot)
        {
            return false;
        }

        slot.LastOutboundMs = nowMs;
        NoteTraffic(nowMs);
        WatchAnswer(slot, packet.AsSpan(0, length), nowMs);

        // After the initiation, if there was one: the peer that answers it needs no second one.
        WantPath(slot, nowMs);
        return true;
    }

    // The same for what nobody asked for: it makes the peer no more wanted than it was.
    PeerSlot? OutboundOwn(byte[] packet, int length, long nowMs)
    {
        if (device is null)
        {
            return null;
        }

        filter.NoteOut(packet.AsSpan(0, length));
        DeviceResult result = device.Send(packet, 0, length, nowMs, output, 0);
        if (result == DeviceResult.Rejected || device.Peer?.Tag is not PeerSlot slot)
        {
            return null;
        }

        Handle(result, nowMs);
        PumpDevice(nowMs);
        return slot;
    }

    // The packet is in the output buffer; WireGuard has checked that its source is one of the peer's.
    void Inbound(int length, WireGuardPeer peer, long nowMs)
    {
        ReadOnlySpan<byte> packet = output.AsSpan(0, length);
        if (TakeOwn(packet, peer, nowMs))
        {
            return;
        }

        if (filter.CheckIn(packet) == Verdict.Accept)
        {
            NoteTraffic(nowMs);
            delivered++;
            host.Deliver(output, 0, length, nowMs);
        }
        else
        {
            FilterDrops++;
        }
    }

    // Answers to a person's ping, and messages between agents.
    bool TakeOwn(ReadOnlySpan<byte> packet, WireGuardPeer peer, long nowMs)
    {
        if (!IPPacket.TryRead(packet, out IPPacket read))
        {
            return false;
        }

        if (pings.Count != 0 && TakePing(read, peer))
        {
            return true;
        }

        if (read.Protocol == IPPacket.Tsmp)
        {
            TakeTsmp(read, peer, nowMs);
            return true;
        }

        return false;
    }
}
