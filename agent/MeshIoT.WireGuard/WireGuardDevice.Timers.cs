namespace MeshIoT.WireGuard;

/// <content>
/// Which event starts and stops which timer. WireGuard paper, section 6; event names as in the reference implementations. A keepalive
/// is not data; a handshake message is authentic traffic.
/// </content>
public sealed partial class WireGuardDevice
{
    readonly byte[] jitterPool = new byte[64];
    int jitterLeft;

    void OnDataSent(WireGuardPeer peer)
    {
        if (peer.Timers.NewHandshake == PeerTimers.Off)
        {
            peer.Timers.NewHandshake = now + ProtocolLimits.KeepaliveTimeoutMs + ProtocolLimits.RekeyTimeoutMs + Jitter();
        }
    }

    void OnDataReceived(WireGuardPeer peer)
    {
        if (peer.Timers.Keepalive == PeerTimers.Off)
        {
            peer.Timers.Keepalive = now + ProtocolLimits.KeepaliveTimeoutMs;
        }
        else
        {
            peer.Timers.NeedAnotherKeepalive = true;
        }
    }

    void OnAuthenticSent(WireGuardPeer peer) => peer.Timers.Keepalive = PeerTimers.Off;

    void OnAuthenticReceived(WireGuardPeer peer) => peer.Timers.NewHandshake = PeerTimers.Off;

    void OnAuthenticTraversal(WireGuardPeer peer)
    {
        if (peer.PersistentKeepaliveSeconds > 0)
        {
            peer.Timers.PersistentKeepalive = now + (peer.PersistentKeepaliveSeconds * 1000L);
        }
    }

    void OnInitiationSent(WireGuardPeer peer)
    {
        OnAuthenticTraversal(peer);
        OnAuthenticSent(peer);
        peer.EarlyInitiations = peer.NextIsEarly ? peer.EarlyInitiations + 1 : 0;
        peer.NextIsEarly = false;
        peer.InitiationSentMs = now;
        peer.NextInitiationMs = now + ProtocolLimits.RekeyTimeoutMs + Jitter();
        peer.Timers.Retransmit = peer.NextInitiationMs;
    }

    /// <summary>A response counts as our handshake message too: our own initiation, if one was due, waits to see whether this session works.</summary>
    void OnResponseSent(WireGuardPeer peer)
    {
        OnSessionDerived(peer);
        OnAuthenticTraversal(peer);
        OnAuthenticSent(peer);
        peer.NextInitiationMs = now + ProtocolLimits.RekeyTimeoutMs + Jitter();
        peer.NextIsEarly = false;
        if (peer.InitiationDue)
        {
            peer.InitiationDue = false;
            peer.Timers.Retransmit = peer.NextInitiationMs;
        }
    }

    void OnSessionDerived(WireGuardPeer peer) => peer.Timers.ZeroKeyMaterial = now + ProtocolLimits.ZeroKeyMaterialAfterMs;

    void OnHandshakeComplete(WireGuardPeer peer)
    {
        peer.Timers.Retransmit = PeerTimers.Off;
        peer.InitiationDue = false;
        peer.SentLastMinuteHandshake = false;
        peer.LastHandshakeMs = now;
    }

    void KeepFreshAfterReceiving(WireGuardPeer peer)
    {
        Keypair? current = peer.Keypairs.Current;
        if (!peer.SentLastMinuteHandshake && current != null && current.IsStaleAfterReceiving(now))
        {
            peer.SentLastMinuteHandshake = true;
            WantInitiation(peer);
        }
    }

    /// <summary>Asks for a new session, beginning a new attempt of 90 s; the initiation goes out at the next Poll, or when the last handshake message is old enough.</summary>
    void WantInitiation(WireGuardPeer peer)
    {
        peer.AttemptSinceMs = now;
        ScheduleInitiation(peer);
    }

    void ScheduleInitiation(WireGuardPeer peer)
    {
        if (now >= peer.NextInitiationMs)
        {
            peer.InitiationDue = true;
        }
        else if (peer.Timers.Retransmit == PeerTimers.Off)
        {
            peer.Timers.Retransmit = peer.NextInitiationMs;
        }
    }

    /// <summary>Random milliseconds, drawn from a small pool so that not every packet asks the random source.</summary>
    long Jitter()
    {
        if (jitterLeft == 0)
        {
            random.Fill(jitterPool, 0, jitterPool.Length);
            jitterLeft = jitterPool.Length;
        }

        jitterLeft -= 2;
        return (jitterPool[jitterLeft] | jitterPool[jitterLeft + 1] << 8) % ProtocolLimits.RekeyTimeoutJitterMs;
    }
}
