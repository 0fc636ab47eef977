namespace MeshIoT.WireGuard;

/// <summary>When a peer's timers fire; <see cref="Off"/> when they do not. What they mean is in WireGuardDevice.Timers.cs.</summary>
internal sealed class PeerTimers
{
    public const long Off = long.MaxValue;

    /// <summary>Send the initiation again, or send one that had to wait for its turn.</summary>
    public long Retransmit = Off;

    /// <summary>Answer received data with a keepalive, unless something else is sent first.</summary>
    public long Keepalive = Off;

    /// <summary>Data was sent and nothing came back: begin a new handshake.</summary>
    public long NewHandshake = Off;

    /// <summary>Wipe the key material.</summary>
    public long ZeroKeyMaterial = Off;

    /// <summary>Keep a mapping open.</summary>
    public long PersistentKeepalive = Off;

    /// <summary>More data arrived while <see cref="Keepalive"/> was already running.</summary>
    public bool NeedAnotherKeepalive;

    public long Earliest
    {
        get
        {
            long first = Retransmit < Keepalive ? Retransmit : Keepalive;
            first = NewHandshake < first ? NewHandshake : first;
            first = ZeroKeyMaterial < first ? ZeroKeyMaterial : first;
            return PersistentKeepalive < first ? PersistentKeepalive : first;
        }
    }

    public void StopAll()
    {
        Retransmit = Keepalive = NewHandshake = ZeroKeyMaterial = PersistentKeepalive = Off;
        NeedAnotherKeepalive = false;
    }
}
