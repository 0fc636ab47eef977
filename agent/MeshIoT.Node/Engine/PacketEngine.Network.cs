using System;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Linux;
using MeshIoT.Paths.Peers;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>
/// The network side: datagrams to and from the UDP port. A peer that never answered is sent its handshake initiation at every
/// endpoint the netmap names, and pings besides; then it is used where it answered a ping or, without disco, where its authenticated
/// packets come from. One that has fallen silent gets the next initiation at its old place and at all named ones.
/// </content>
internal sealed partial class PacketEngine
{
    // Longer than a keepalive takes, shorter than WireGuard's own 15 s: by then an initiation on its way means the path is doubted.
    const long SilentAfterMs = 10_000;

    readonly byte[] datagram = new byte[LargestDatagram];
    readonly byte[] source = new byte[Endpoints.Size];
    readonly byte[] output = new byte[LargestDatagram + 64];
    readonly EarlyInitiations early = new();
    WireGuardDevice? device;

    /// <summary>Datagrams longer than any that WireGuard could have sent here.</summary>
    public long OversizeDrops { get; private set; }

    /// <summary>Datagrams that came before there was an identity to read them with.</summary>
    public long EarlyDrops { get; private set; }

    bool DrainNetwork(long nowMs)
    {
        inFlow.Forget();
        for (int taken = 0; taken < BatchSize;)
        {
            if (!udp.Fetch())
            {
                return false;
            }

            while (udp.TryNextRun(source, out DatagramRun run))
            {
                taken += run.Count;
                TakeRun(run, nowMs);
            }

            // Before the port's memory is filled again: what was delivered lies there.
            host.Flush();
            if (udp.IsDrained)
            {
                return false;
            }
        }

        return true;
    }

    // One datagram that is not data of a session, or whose session cannot be had; it lies in the buffer.
    void TakeDatagram(int length, long nowMs)
    {
        if (TakeStun(length))
        {
            return;
        }

        if (DiscoDatagram.IsDisco(datagram.AsSpan(0, length)))
        {
            if (disco is not null)
            {
                disco.Receive(datagram, length, source, nowMs);
                PumpDevice(nowMs);
            }
        }
        else if (device is not null)
        {
            Receive(datagram, 0, length, source, nowMs);
        }
        else
        {
            EarlyDrops++;
            if (length == EarlyInitiations.Size)
            {
                early.Keep(datagram, source, default, nowMs);
            }
        }
    }

    /// <summary>What was sent and received, by way.</summary>
    public TrafficCounters Traffic { get; } = new();

    void Receive(byte[] bytes, int offset, int length, byte[] from, long nowMs)
    {
        if (carriedBy != 0)
        {
            Traffic.ReceivedByRelay(1, length);
        }
        else
        {
            Traffic.ReceivedDirect(from, 1, length);
        }

        DeviceResult result = device!.Receive(bytes, offset, length, from, nowMs, output, 0);
        if (device.LastFault == DeviceFault.UnknownPeer && carriedBy == 0)
        {
            early.Keep(bytes.AsSpan(offset), from, default, nowMs);
        }

        SettleKnock(result);
        if (device.Peer?.Tag is PeerSlot slot && slot.HeardPackets != slot.Peer.ReceivedPackets)
        {
            slot.HeardPackets = slot.Peer.ReceivedPackets;
            HeardFrom(slot, from, nowMs);
            if (carriedBy != 0)
            {
                NoteCarried(slot, length, nowMs);
            }
        }

        Handle(result, nowMs);
        PumpDevice(nowMs);
        AdvertiseDiscoKey(nowMs);
    }

    // The netmap has changed: who knocked too early may be let in now. As many as are there, so that nobody comes round twice.
    void ReceiveEarly(long nowMs)
    {
        for (int left = early.Count; left > 0 && device is not null && early.TryTake(datagram, source, out NodePublicKey from, nowMs); left--)
        {
            if (from.IsZero)
            {
                Receive(datagram, 0, EarlyInitiations.Size, source, nowMs);
            }
            else if (index.TryFind(from, out _))
            {
                ReceiveCarried(datagram, 0, EarlyInitiations.Size, RelayEndpoint.RegionOf(source), from, nowMs);
            }
            else
            {
                early.Keep(datagram, source, from, nowMs);
            }
        }
    }

    void PumpIfDue(long nowMs)
    {
        if (device is not null && device.NextWakeMs <= nowMs)
        {
            PumpDevice(nowMs);
        }
    }

    void PumpDevice(long nowMs)
    {
        while (device is not null)
        {
            DeviceResult result = device.Poll(nowMs, output, 0);
            Handle(result, nowMs);
            if (result == DeviceResult.Done)
            {
                return;
            }
        }
    }

    void Handle(DeviceResult result, long nowMs)
    {
        WireGuardPeer? peer = device!.Peer;
        switch (result)
        {
            case DeviceResult.SendToNetwork:
                Transmit(nowMs);
                break;
            case DeviceResult.DeliverToHost:
                Publish(peer, nowMs);
                Inbound(device.Written, peer!, nowMs);
                break;
            default:
                Publish(peer, nowMs);
                break;
        }
    }

    void Transmit(long nowMs)
    {
        ReadOnlySpan<byte> bytes = output.AsSpan(0, device!.Written);
        PeerSlot? slot = device.Peer?.Tag as PeerSlot;
        if (device.SentType is MessageType.Response or MessageType.CookieReply)
        {
            Answer(slot, bytes, nowMs);
        }
        else if (slot is not null)
        {
            SendToPeer(slot, bytes, nowMs);
        }

        if (slot is not null)
        {
            Publish(slot.Peer, nowMs);
        }
    }

    // What answers a datagram goes where that came from. A response goes by relay as well unless the path is a trusted one: the peer's
    // initiation got through, which does not mean that our answer does, and a second initiation would be five seconds away.
    void Answer(PeerSlot? slot, ReadOnlySpan<byte> bytes, long nowMs)
    {
        if (carriedBy != 0)
        {
            SendByRelay(bytes, carriedBy, carriedFrom);
            return;
        }

        if (device!.Endpoint is { } endpoint)
        {
            SendDirect(bytes, endpoint);
        }

        if (slot is not null && slot.Path.Choose(nowMs).ByRelay)
        {
            SendByRelay(bytes, RegionOf(slot), slot.Plan.Key);
        }
    }

    void SendToPeer(PeerSlot slot, ReadOnlySpan<byte> bytes, long nowMs)
    {
        SendChoice choice = slot.Path.Choose(nowMs);
        bool isInitiation = device!.SentType == MessageType.Initiation;
        bool sent = choice.Direct is not null && SendDirect(bytes, choice.Direct);
        int region = choice.ByRelay ? RegionOf(slot) : 0;
        if (region != 0 && SendByRelay(bytes, region, slot.Plan.Key))
        {
            NoteCarried(slot, bytes.Length, nowMs);
        }
        else
        {
            region = 0;
        }

        if (isInitiation)
        {
            NoteInitiation(slot, choice.Direct is not null, region, nowMs);
        }

        bool doubted = isInitiation && slot.IsDoubted(nowMs, SilentAfterMs);
        if ((!sent && region == 0) || doubted)
        {
            SendToCandidates(slot, bytes, choice.Direct);
        }
    }

    void SendToCandidates(PeerSlot slot, ReadOnlySpan<byte> bytes, byte[]? except)
    {
        for (ReadOnlySpan<byte> left = slot.Plan.Candidates; !left.IsEmpty; left = left[Endpoints.Size..])
        {
            ReadOnlySpan<byte> candidate = left[..Endpoints.Size];
            if (except is null || !candidate.SequenceEqual(except))
            {
                SendDirect(bytes, candidate);
            }
        }
    }

    bool SendDirect(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> endpoint18)
    {
        // Data waits for the end of the round, to go with its neighbours; all else goes now.
        bool isSent = device!.SentType == MessageType.Transport ? udp.SendLater(bytes, endpoint18) : udp.Send(bytes, endpoint18);
        if (isSent)
        {
            Traffic.SentDirect(endpoint18, 1, bytes.Length);
        }

        return isSent;
    }

    void Publish(WireGuardPeer? peer, long nowMs)
    {
        if (peer?.Tag is PeerSlot slot)
        {
            begun = slot.HasNewSession ? slot : begun;
            if (slot.Publish(nowMs, RegionOf(slot)))
            {
                NotifyChanged();
            }
        }
    }
}
