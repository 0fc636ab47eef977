using System;
using System.Collections.Generic;
using MeshIoT.Filter;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>The host side: packets to and from the machine, and the few the engine answers itself.</content>
internal sealed partial class PacketEngine
{
    const int MostEchoes = 256;

    readonly byte[] hostPacket = new byte[LargestDatagram];
    readonly byte[] reply = new byte[Math.Max(EchoRequest.LargestPacket, Tsmp.LargestReply)];
    readonly List<EchoRequest> echoes = new(4);
    PacketFilter filter = PacketFilter.Compile([], [], out _);

    /// <summary>Packets from peers that the filter did not let in.</summary>
    public long FilterDrops { get; private set; }

    /// <summary>Packets of this machine that no peer is to get.</summary>
    public long UnroutedDrops { get; private set; }

    /// <summary>Sends an echo; false when no peer has the address. The request is completed when its reply comes.</summary>
    internal bool SendEcho(EchoRequest request, long nowMs)
    {
        echoes.RemoveAll(static echo => echo.IsSettled);
        byte[]? from = null;
        foreach (byte[] address in ownAddresses)
        {
            if (address.Length == 16 == request.IsV6)
            {
                from = address;
            }
        }

        if (from is null || echoes.Count == MostEchoes)
        {
            return false;
        }

        echoes.Add(request);
        return Outbound(reply, request.Write(reply, from), nowMs);
    }

    bool DrainHost(long nowMs)
    {
        for (int i = 0; i < BatchSize; i++)
        {
            int length = host.Read(hostPacket, 0, nowMs);
            if (length == 0)
            {
                return false;
            }

            if (!Outbound(hostPacket, length, nowMs))
            {
                UnroutedDrops++;
            }
        }

        return true;
    }

    // False: no peer has the destination.
    bool Outbound(byte[] packet, int length, long nowMs)
    {
        if (device is null)
        {
            return false;
        }

        filter.NoteOut(packet.AsSpan(0, length));
        DeviceResult result = device.Send(packet, 0, length, nowMs, output, 0);
        if (result == DeviceResult.Rejected)
        {
            return false;
        }

        if (device.Peer?.Tag is PeerSlot slot)
        {
            slot.LastOutboundMs = nowMs;
            Handle(result, nowMs);
            PumpDevice(nowMs);

            // After the initiation, if there was one: the peer that answers it needs no second one.
            WantPath(slot, nowMs);
        }

        return true;
    }

    // The packet is in the output buffer; WireGuard has checked that its source is one of the peer's.
    void Inbound(int length, WireGuardPeer peer, long nowMs)
    {
        ReadOnlySpan<byte> packet = output.AsSpan(0, length);
        if (IPPacket.TryRead(packet, out IPPacket read))
        {
            if (echoes.Count != 0 && TakeEcho(read, peer))
            {
                return;
            }

            if (read.Protocol == IPPacket.Tsmp)
            {
                int answer = Tsmp.TryReply(read, reply);
                if (answer != 0)
                {
                    Outbound(reply, answer, nowMs);
                }

                return;
            }
        }

        if (filter.CheckIn(packet) == Verdict.Accept)
        {
            host.Deliver(output, 0, length, nowMs);
        }
        else
        {
            FilterDrops++;
        }
    }

    bool TakeEcho(in IPPacket packet, WireGuardPeer peer)
    {
        for (int i = 0; i < echoes.Count; i++)
        {
            if (echoes[i].TryTake(packet, (peer.Tag as PeerSlot)?.Cell.Endpoint))
            {
                echoes.RemoveAt(i);
                return true;
            }
        }

        return false;
    }
}
