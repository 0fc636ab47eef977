using System;
using MeshIoT.Crypto;
using MeshIoT.Linux;
using MeshIoT.Paths.Peers;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>
/// Packets of the machine, cut straight into the memory they are sent from and sealed there. Who gets a conversation's packets, by which session and to
/// which endpoint, is looked up once for the round. That goes for peers with a session whose packets go directly and nowhere else; everything
/// else takes the long way of <see cref="Outbound"/>.
/// </content>
internal sealed unsafe partial class PacketEngine
{
    // Large packets stand for many: so much fills the port's memory.
    const int MostFetchedBytes = 64 * 1024;

    // Room for the longest packet, its padding and what WireGuard adds.
    const int LargestInner = DatagramPort.LargestDatagram - WireGuardDevice.DataOverhead - 16;

    FlowMemo outFlow;
    PeerSlot? outSlot;
    Keypair? outSession;
    PointerAeadKey? outKey;
    byte[] outEndpoint = [];
    bool outWatched;
    int outPackets;
    long outBytes;

    bool DrainHost(long nowMs)
    {
        outFlow.Forget();
        bool more = true;
        for (int taken = 0, bytes = 0; taken < BatchSize && bytes < MostFetchedBytes; taken++)
        {
            if (!host.Fetch(nowMs))
            {
                more = false;
                break;
            }

            bytes += host.Fetched.Length;
            SendFetched(nowMs);
        }

        SettleOut(nowMs);
        return more;
    }

    void SendFetched(long nowMs)
    {
        fixed (byte* packet = host.Fetched)
        {
            int length = host.Fetched.Length;
            if ((length >= IPPacket.LeastHeader && outFlow.Matches(packet, length)) || FindWay(packet, length, nowMs))
            {
                SendData(nowMs);
                return;
            }
        }

        SettleOut(nowMs);
        outFlow.Forget();
        for (int length = host.Cut(hostPacket); length > 0; length = host.Cut(hostPacket))
        {
            if (!Outbound(hostPacket, length, nowMs))
            {
                UnroutedDrops++;
            }
        }
    }

    bool FindWay(byte* packet, int length, long nowMs)
    {
        ReadOnlySpan<byte> to = IPPacket.DestinationOf(new ReadOnlySpan<byte>(packet, length));
        if (device is null || to.IsEmpty || Routes.Find(to)?.Slot is not { } slot || device.FindSending(slot.Peer, nowMs) is not { SendKey: PointerAeadKey key } session)
        {
            return false;
        }

        SendChoice choice = slot.Path.Choose(nowMs);
        if (choice.Direct is not { } endpoint || (choice.ByRelay && RegionOf(slot) != 0) || !udp.TakesLater(endpoint))
        {
            return false;
        }

        if (slot != outSlot || session != outSession)
        {
            SettleOut(nowMs);
        }

        filter.NoteOut(host.Fetched);
        outFlow.Remember(packet, length);
        (outSlot, outSession, outKey, outEndpoint, outWatched) = (slot, session, key, endpoint, false);
        return true;
    }

    void SendData(long nowMs)
    {
        PeerSlot slot = outSlot!;
        if (!outWatched)
        {
            outWatched = WatchAnswer(slot, host.Fetched, nowMs);
        }

        Keypair session = outSession!;
        uint receiver = session.RemoteIndex;
        while (true)
        {
            byte* at = udp.Reserve(), text = at + WireGuardDevice.DataHeaderSize;
            int length = host.Cut(new Span<byte>(text, LargestInner));
            if (length == 0)
            {
                return;
            }

            int padded = device!.PaddedLength(length);
            new Span<byte>(text + length, padded - length).Clear();
            ulong counter = session.TakeCounter();
            *(uint*)at = (uint)MessageType.Transport;
            *(uint*)(at + WireGuardDevice.DataReceiverAt) = receiver;
            *(ulong*)(at + WireGuardDevice.DataCounterAt) = counter;
            outKey!.Seal((long)counter, text, text, padded);
            padded += WireGuardDevice.DataOverhead;
            if (!udp.Commit(padded, outEndpoint))
            {
                SendToCandidates(slot, new ReadOnlySpan<byte>(at, padded), outEndpoint);
            }

            outPackets++;
            outBytes += padded;
        }
    }

    // What went to one peer by one session is noted.
    void SettleOut(long nowMs)
    {
        if (outPackets == 0 || outSlot is not { } slot)
        {
            return;
        }

        device!.Sent(outSession!, outPackets, outBytes, nowMs);
        Traffic.SentDirect(outEndpoint, outPackets, outBytes);
        (outPackets, outBytes) = (0, 0);

        // What the timers do now may end the session.
        outFlow.Forget();
        slot.LastOutboundMs = nowMs;
        NoteTraffic(nowMs);
        Publish(slot.Peer, nowMs);
        PumpIfDue(nowMs);

        // After the initiation, if there was one: the peer that answers it needs no second one.
        WantPath(slot, nowMs);
    }
}
