using System;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Filter;
using MeshIoT.Linux;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>
/// Data from the network, opened where it lies and given on from there. What is the same for all packets of a run (who sent it, by which session, from
/// where) is looked up and noted once for the run; what is the same for all packets of a conversation, once for the round. All else that arrives is
/// copied out of the run and goes the long way of <see cref="Receive"/>.
/// </content>
internal sealed unsafe partial class PacketEngine
{
    FlowMemo inFlow;
    WireGuardPeer? inFlowPeer;
    Keypair? inSession;
    PointerAeadKey? inKey;
    uint inIndex;
    int inPackets, inContent, inAccepted, delivered;
    long inBytes;

    void TakeRun(in DatagramRun run, long nowMs)
    {
        if (RelayEndpoint.Is(source))
        {
            FalseRelayDrops += run.Count;
            return;
        }

        int at = 0;
        do
        {
            byte* data = run.Data + at;
            int length = Math.Min(run.Size, run.Length - at);
            at += length;
            bool mayBeData = length is >= WireGuardDevice.DataOverhead and <= LargestDatagram && *(uint*)data == (uint)MessageType.Transport;
            if (!mayBeData || !TakeData(data, length, nowMs))
            {
                SettleIn(nowMs);
                TakeOther(data, length, nowMs);
            }
        }
        while (at < run.Length);
        SettleIn(nowMs);
    }

    void TakeOther(byte* data, int length, long nowMs)
    {
        if (length > LargestDatagram)
        {
            OversizeDrops++;
            return;
        }

        new ReadOnlySpan<byte>(data, length).CopyTo(datagram);
        TakeDatagram(length, nowMs);
    }

    // False: not for this way.
    bool TakeData(byte* data, int length, long nowMs)
    {
        uint index = *(uint*)(data + WireGuardDevice.DataReceiverAt);
        if (inSession is null || index != inIndex)
        {
            SettleIn(nowMs);
            if (device?.FindReceiving(index, nowMs) is not { } found)
            {
                return device is not null;
            }

            if (found.ReceiveKey is not PointerAeadKey key)
            {
                return false;
            }

            (inSession, inKey, inIndex) = (found, key, index);
        }

        ulong counter = *(ulong*)(data + WireGuardDevice.DataCounterAt);
        byte* text = data + WireGuardDevice.DataHeaderSize;
        if (counter >= WireGuardDevice.CounterLimit)
        {
            device!.CountDrop(DeviceFault.CounterExhausted);
        }
        else if (!inKey!.Open((long)counter, text, text, length - WireGuardDevice.DataHeaderSize))
        {
            device!.CountDrop(DeviceFault.ForgedData);
        }
        else if (!inSession.Accept(counter))
        {
            device!.CountDrop(DeviceFault.ReplayedData);
        }
        else
        {
            inPackets++;
            inBytes += length;
            if (length > WireGuardDevice.DataOverhead)
            {
                inContent++;
                TakeInner(inSession.Peer, text, length - WireGuardDevice.DataOverhead, nowMs);
            }
        }

        return true;
    }

    // Opened, and padded perhaps.
    void TakeInner(WireGuardPeer peer, byte* packet, int length, long nowMs)
    {
        length = IPPacket.LengthOf(packet, length);
        if (length == 0)
        {
            device!.CountDrop(DeviceFault.MalformedInner);
        }
        else if (inFlowPeer == peer && inFlow.Matches(packet, length))
        {
            inAccepted++;
            Give(packet, length, nowMs);
        }
        else
        {
            TakeUnknown(peer, packet, length, nowMs);
        }
    }

    void TakeUnknown(WireGuardPeer peer, byte* packet, int length, long nowMs)
    {
        // What this packet makes us answer needs the session that it confirms.
        SettleIn(nowMs);
        inFlow.Forget();
        ReadOnlySpan<byte> bytes = new(packet, length);
        if (Routes.Find(IPPacket.SourceOf(bytes))?.Slot?.Peer != peer)
        {
            device!.CountDrop(DeviceFault.SourceNotAllowed);
        }
        else if (!TakeOwn(bytes, peer, nowMs))
        {
            if (filter.CheckIn(bytes) == Verdict.Accept)
            {
                NoteTraffic(nowMs);
                Give(packet, length, nowMs);
                inFlow.Remember(packet, length);
                inFlowPeer = peer;
            }
            else
            {
                FilterDrops++;
            }
        }
    }

    void Give(byte* packet, int length, long nowMs)
    {
        delivered++;
        host.DeliverLater(packet, length, nowMs);
    }

    // What was taken of one sender by one session is noted.
    void SettleIn(long nowMs)
    {
        if (inSession is not { } session)
        {
            return;
        }

        (int packets, int content, int accepted, long bytes) = (inPackets, inContent, inAccepted, inBytes);
        (inSession, inKey, inPackets, inContent, inAccepted, inBytes) = (null, null, 0, 0, 0, 0);
        if (packets == 0)
        {
            return;
        }

        device!.Received(session, source, packets, content, bytes, nowMs);
        Traffic.ReceivedDirect(source, packets, bytes);
        if (session.Peer.Tag is PeerSlot slot)
        {
            slot.HeardPackets = slot.Peer.ReceivedPackets;
            HeardFrom(slot, source, nowMs);
        }

        Publish(session.Peer, nowMs);
        if (accepted > 0)
        {
            filter.CountAccepted(accepted);
            NoteTraffic(nowMs);
        }

        PumpIfDue(nowMs);
        AdvertiseDiscoKey(nowMs);
    }
}
