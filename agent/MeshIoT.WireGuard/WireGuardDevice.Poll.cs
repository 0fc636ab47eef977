namespace MeshIoT.WireGuard;

/// <content>Work that no input asks for at the moment: timers, waiting packets, handshakes to begin.</content>
public sealed partial class WireGuardDevice
{
    static readonly byte[] Nothing = new byte[0];

    /// <summary>
    /// Does what is due: at most one datagram per call, so call it until it returns Done. The output has room for 192 bytes and for the
    /// longest packet given to Send plus 64.
    /// </summary>
    public DeviceResult Poll(long nowMs, byte[] output, int outOffset)
    {
        Bounds.Check(output, outOffset, 192);
        Begin(nowMs);
        while (true)
        {
            WireGuardPeer? peer = schedule.Top();
            if (peer == null || peer.HeapKey > now)
            {
                return DeviceResult.Done;
            }

            // Work either sends something or leaves the peer's deadline in the future, so this ends.
            if (Work(peer, output, outOffset))
            {
                Reschedule(peer);
                return DeviceResult.SendToNetwork;
            }
        }
    }

    bool Work(WireGuardPeer peer, byte[] output, int outOffset)
    {
        FireTimers(peer);
        if (peer.HandshakeRequested)
        {
            peer.HandshakeRequested = false;
            WantInitiation(peer);
        }

        if (peer.KeepaliveRequested)
        {
            peer.KeepaliveRequested = false;
            OnAuthenticTraversal(peer);
            StageKeepalive(peer);
        }

        if (peer.FlushDue)
        {
            Keypair? current = peer.Keypairs.Current;
            if (peer.HasStaged && current != null && current.CanSend(now))
            {
                Flush(peer, current, output, outOffset);
                return true;
            }

            peer.FlushDue = false;
            if (peer.HasStaged)
            {
                WantInitiation(peer);
            }
        }

        return peer.InitiationDue && SendInitiation(peer, output, outOffset) == DeviceResult.SendToNetwork;
    }

    /// <summary>Sends the oldest staged packet; a keepalive only when there is no packet to do its work.</summary>
    void Flush(WireGuardPeer peer, Keypair current, byte[] output, int outOffset)
    {
        byte[]? oldest = peer.Staged.Oldest;
        byte[] packet = oldest ?? Nothing;
        Bounds.Check(output, outOffset, packet.Length + 64);
        if (oldest != null)
        {
            peer.Staged.TakeOldest();
        }

        peer.KeepaliveStaged = false;
        peer.FlushDue = peer.HasStaged;
        SendData(peer, current, packet, 0, packet.Length, output, outOffset);
    }

    void FireTimers(WireGuardPeer peer)
    {
        PeerTimers timers = peer.Timers;
        if (timers.ZeroKeyMaterial <= now)
        {
            timers.ZeroKeyMaterial = PeerTimers.Off;
            WipeSessions(peer);
        }

        if (timers.Retransmit <= now)
        {
            timers.Retransmit = PeerTimers.Off;
            if (now - peer.AttemptSinceMs >= ProtocolLimits.RekeyAttemptTimeMs)
            {
                GiveUp(peer);
            }
            else
            {
                ScheduleInitiation(peer);
            }
        }

        if (timers.NewHandshake <= now)
        {
            timers.NewHandshake = PeerTimers.Off;
            WantInitiation(peer);
        }

        if (timers.Keepalive <= now)
        {
            timers.Keepalive = timers.NeedAnotherKeepalive ? now + ProtocolLimits.KeepaliveTimeoutMs : PeerTimers.Off;
            timers.NeedAnotherKeepalive = false;
            StageKeepalive(peer);
        }

        if (timers.PersistentKeepalive <= now)
        {
            OnAuthenticTraversal(peer);
            StageKeepalive(peer);
        }
    }

    /// <summary>90 s without an answer: what waited is dropped, and nothing more is sent until someone wants to.</summary>
    void GiveUp(WireGuardPeer peer)
    {
        DropStaged(peer);
        peer.Timers.Keepalive = PeerTimers.Off;
        if (peer.Timers.ZeroKeyMaterial == PeerTimers.Off)
        {
            peer.Timers.ZeroKeyMaterial = now + ProtocolLimits.ZeroKeyMaterialAfterMs;
        }
    }

    /// <summary>An empty packet joins the queue, unless a packet waits there anyway.</summary>
    void StageKeepalive(WireGuardPeer peer)
    {
        peer.KeepaliveStaged = peer.KeepaliveStaged || peer.Staged.Count == 0;
        FlushOrHandshake(peer);
    }

    void FlushOrHandshake(WireGuardPeer peer)
    {
        if (peer.HasSession(now))
        {
            peer.FlushDue = true;
        }
        else
        {
            WantInitiation(peer);
        }
    }
}
