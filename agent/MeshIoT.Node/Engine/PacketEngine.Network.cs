using System;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>
/// The network side: datagrams to and from the UDP port. Paths without disco: a peer that never answered is sent its handshake
/// initiation at every endpoint the netmap names, and then used where its authenticated packets come from; one that has fallen
/// silent gets the next initiation at its old place and at all named ones.
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

    /// <summary>Datagrams that came before there was an identity to read them with.</summary>
    public long EarlyDrops { get; private set; }

    bool DrainNetwork(long nowMs)
    {
        for (int i = 0; i < BatchSize; i++)
        {
            int length = udp.Receive(datagram, source);
            if (length < 0)
            {
                return false;
            }

            if (device is not null)
            {
                Receive(length, nowMs);
            }
            else
            {
                EarlyDrops++;
                if (length == EarlyInitiations.Size)
                {
                    early.Keep(datagram, source, nowMs);
                }
            }
        }

        return true;
    }

    void Receive(int length, long nowMs)
    {
        DeviceResult result = device!.Receive(datagram, 0, length, source, nowMs, output, 0);
        if (device.LastFault == DeviceFault.UnknownPeer)
        {
            early.Keep(datagram, source, nowMs);
        }

        Handle(result, nowMs);
        PumpDevice(nowMs);
    }

    // The netmap has changed: who knocked too early may be let in now. As many as are there, so that nobody comes round twice.
    void ReceiveEarly(long nowMs)
    {
        for (int left = early.Count; left > 0 && device is not null && early.TryTake(datagram, source, nowMs); left--)
        {
            Receive(EarlyInitiations.Size, nowMs);
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
                Publish(peer);
                Inbound(device.Written, peer!, nowMs);
                break;
            default:
                Publish(peer);
                break;
        }
    }

    void Transmit(long nowMs)
    {
        ReadOnlySpan<byte> bytes = output.AsSpan(0, device!.Written);
        byte[]? endpoint = device.Endpoint;
        if (endpoint is not null)
        {
            udp.Send(bytes, endpoint);
        }

        if (device.Peer?.Tag is not PeerSlot slot)
        {
            return;
        }

        bool doubted = device.SentType == MessageType.Initiation && slot.IsDoubted(nowMs, SilentAfterMs);
        if (endpoint is null || doubted)
        {
            SendToCandidates(slot, bytes, endpoint);
        }

        Publish(slot.Peer);
    }

    void SendToCandidates(PeerSlot slot, ReadOnlySpan<byte> bytes, byte[]? except)
    {
        for (int i = 0; i < slot.Plan.Candidates.Count; i++)
        {
            byte[] candidate = slot.Plan.Candidates[i];
            if (except is null || !candidate.AsSpan().SequenceEqual(except))
            {
                udp.Send(bytes, candidate);
            }
        }
    }

    void Publish(WireGuardPeer? peer)
    {
        if (peer?.Tag is not PeerSlot slot)
        {
            return;
        }

        bool changed = slot.Cell.LastHandshakeMs != peer.LastHandshakeMs;
        slot.Cell.Publish(peer.ReceivedBytes, peer.SentBytes, peer.LastHandshakeMs);
        if (peer.HasEndpoint)
        {
            changed |= slot.Cell.PublishEndpoint(peer.Endpoint);
        }

        if (changed)
        {
            NotifyChanged();
        }
    }
}
