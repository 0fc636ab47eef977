using System;

namespace MeshIoT.WireGuard;

/// <summary>The other end of a tunnel: who it is, where it was last seen, and how the session with it does. WireGuard paper, section 2.</summary>
public sealed partial class WireGuardPeer
{
    int persistentKeepaliveSeconds;

    /// <summary>The peer's static public key, 32 bytes, a copy.</summary>
    public byte[] PublicKey
    {
        get
        {
            byte[] copy = new byte[ProtocolLimits.KeySize];
            Array.Copy(Key, 0, copy, 0, copy.Length);
            return copy;
        }
    }

    /// <summary>Anything the shell wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>True when an address to send to is known.</summary>
    public bool HasEndpoint { get; private set; }

    /// <summary>Where to send, 18 bytes (IPv6 or v4-mapped address, port big-endian), or null. The array is the peer's own: it changes when the peer roams.</summary>
    public byte[]? Endpoint => HasEndpoint ? endpoint : null;

    /// <summary>Bytes of all authentic datagrams from the peer, UDP payload.</summary>
    public long ReceivedBytes { get; internal set; }

    /// <summary>Bytes of all datagrams to the peer, UDP payload.</summary>
    public long SentBytes { get; internal set; }

    /// <summary>Authentic datagrams from the peer.</summary>
    public long ReceivedPackets { get; internal set; }

    /// <summary>Datagrams to the peer.</summary>
    public long SentPackets { get; internal set; }

    /// <summary>When the last handshake completed, on the caller's clock; -1 when none has.</summary>
    public long LastHandshakeMs { get; internal set; } = -1;

    /// <summary>When the last authentic datagram arrived; -1 when none has.</summary>
    public long LastReceivedMs { get; internal set; } = -1;

    /// <summary>Seconds of silence, 0 (off) to 65535, after which a keepalive goes out. Switching it on sends one at the next Poll. WireGuard paper, section 6.5.</summary>
    public int PersistentKeepaliveSeconds
    {
        get => persistentKeepaliveSeconds;
        set
        {
            if (value < 0 || value > 65535)
            {
                throw new ArgumentException("a keepalive interval has 0 to 65535 seconds");
            }

            KeepaliveRequested = value != 0 && (KeepaliveRequested || persistentKeepaliveSeconds == 0);
            persistentKeepaliveSeconds = value;
            if (value == 0)
            {
                Timers.PersistentKeepalive = PeerTimers.Off;
            }

            device.Reschedule(this);
        }
    }

    /// <summary>True when packets can be sent right now: a confirmed session younger than 180 s.</summary>
    public bool HasSession(long nowMs) => Keypairs.Current != null && Keypairs.Current.CanSend(nowMs);

    /// <summary>Begins a handshake at the next Poll, or as soon as the last one is 5 s old.</summary>
    public void RequestHandshake()
    {
        HandshakeRequested = true;
        device.Reschedule(this);
    }

    /// <summary>The other end has lost its memory: forgets the sessions with it and begins a handshake at the next Poll. Packets wait for it.</summary>
    public void BeginAnew() => device.BeginAnew(this);

    /// <summary>
    /// The way to the peer is open only now: an initiation that has no answer goes again at this time instead of 5 s after it. At most two
    /// go early for each that was due, however often this is called, and none sooner than 50 ms after the last: within 20 ms the peer takes it
    /// for a flood.
    /// </summary>
    public void RetryHandshakeAt(long atMs)
    {
        if (!Pending.IsActive || EarlyInitiations >= ProtocolLimits.MostEarlyInitiations)
        {
            return;
        }

        long earliest = InitiationSentMs + ProtocolLimits.EarlyInitiationAfterMs;
        atMs = atMs < earliest ? earliest : atMs;
        if (atMs < NextInitiationMs)
        {
            NextInitiationMs = atMs;
            Timers.Retransmit = atMs;
            NextIsEarly = true;
            device.Reschedule(this);
        }
    }

    /// <summary>The peer seems to want a session: begins a handshake at this time, unless something authentic comes from it before.</summary>
    public void RequestHandshakeUnlessHeard(long atMs)
    {
        if (atMs < Timers.NewHandshake)
        {
            Timers.NewHandshake = atMs;
            device.Reschedule(this);
        }
    }

    /// <summary>True when nothing would be lost by removing the peer except <see cref="CopyLastTimestamp"/> and counters: no key, no packet waiting, no timer running.</summary>
    public bool IsIdle => Keypairs.IsEmpty && !Pending.IsActive && !HasStaged && Deadline == PeerTimers.Off;

    /// <summary>Writes the greatest timestamp accepted from the peer, 12 bytes, zeros for none: whoever removes a peer and adds it again keeps this, or old initiations count again. WireGuard paper, section 5.1.</summary>
    public void CopyLastTimestamp(byte[] output, int offset)
    {
        Bounds.Check(output, offset, LastTimestamp.Length);
        Array.Copy(LastTimestamp, 0, output, offset, LastTimestamp.Length);
    }

    /// <summary>Takes back what <see cref="CopyLastTimestamp"/> wrote: initiations that are not later are refused.</summary>
    public void RestoreLastTimestamp(byte[] timestamp, int offset)
    {
        Bounds.Check(timestamp, offset, LastTimestamp.Length);
        Array.Copy(timestamp, offset, LastTimestamp, 0, LastTimestamp.Length);
    }

    /// <summary>Sets where to send (18 bytes, copied), or forgets it when null. An authentic datagram from elsewhere overrides it.</summary>
    public void SetEndpoint(byte[]? endpoint18)
    {
        if (endpoint18 == null)
        {
            HasEndpoint = false;
            return;
        }

        Bounds.CheckLength(endpoint18, ProtocolLimits.EndpointSize);
        RoamTo(endpoint18);
    }

    /// <summary>The first characters of the public key in base64, as logs show peers.</summary>
    public override string ToString() => "[" + Convert.ToBase64String(Key).Substring(0, 5) + "]";
}
