using System;

namespace MeshIoT.WireGuard;

/// <content>What the device keeps for a peer.</content>
public sealed partial class WireGuardPeer
{
    internal readonly byte[] Key = new byte[ProtocolLimits.KeySize];
    internal readonly byte[] PresharedKey = new byte[ProtocolLimits.KeySize];
    internal readonly byte[] LastTimestamp = new byte[ProtocolLimits.TimestampSize];
    internal readonly PeerTimers Timers = new PeerTimers();
    internal readonly CookieGenerator Cookies;
    internal readonly KeypairSlots Keypairs;
    internal readonly PendingHandshake Pending;
    internal readonly StagedQueue Staged;

    /// <summary>X25519 of the two static keys; null until the first handshake.</summary>
    internal byte[]? StaticSecret;

    /// <summary>When the last initiation of this peer was accepted; -1 for never.</summary>
    internal long LastInitiationMs = -1;

    /// <summary>No initiation before this: the last handshake message we sent is not 5 s old.</summary>
    internal long NextInitiationMs = long.MinValue;

    /// <summary>When the last initiation was sent.</summary>
    internal long InitiationSentMs = long.MinValue / 2;

    /// <summary>Initiations sent before their time since the last that was due.</summary>
    internal int EarlyInitiations;

    /// <summary>The next one is not due but hurried.</summary>
    internal bool NextIsEarly;

    /// <summary>Since when the present attempt to get a session goes on.</summary>
    internal long AttemptSinceMs;

    internal bool HandshakeRequested;
    internal bool KeepaliveRequested;
    internal bool InitiationDue;

    /// <summary>A keepalive waits for the session, like a staged packet.</summary>
    internal bool KeepaliveStaged;

    /// <summary>There is a session, and staged packets or a keepalive to send under it.</summary>
    internal bool FlushDue;

    /// <summary>The receiving initiator has already asked for the next session.</summary>
    internal bool SentLastMinuteHandshake;

    internal bool IsRemoved;

    /// <summary>Places in the device's tables.</summary>
    internal int ListIndex, HeapIndex;
    internal long HeapKey;

    readonly WireGuardDevice device;
    readonly byte[] endpoint = new byte[ProtocolLimits.EndpointSize];

    internal WireGuardPeer(WireGuardDevice device, IndexTable indexes, DeviceLimits limits, byte[] publicKey)
    {
        this.device = device;
        Array.Copy(publicKey, 0, Key, 0, Key.Length);
        Cookies = new CookieGenerator(Key);
        Keypairs = new KeypairSlots(indexes);
        Pending = new PendingHandshake(this);
        Staged = new StagedQueue(limits.StagedPackets);
    }

    /// <summary>When the device has to look at this peer next; 0 means now.</summary>
    internal long Deadline => InitiationDue || FlushDue || HandshakeRequested || KeepaliveRequested ? 0 : Timers.Earliest;

    internal bool HasStaged => Staged.Count > 0 || KeepaliveStaged;

    internal bool BelongsTo(WireGuardDevice owner) => device == owner;

    internal void RoamTo(byte[] source)
    {
        Array.Copy(source, 0, endpoint, 0, ProtocolLimits.EndpointSize);
        HasEndpoint = true;
    }

    internal void CountReceived(int packets, long bytes, long nowMs)
    {
        ReceivedBytes += bytes;
        ReceivedPackets += packets;
        LastReceivedMs = nowMs;
    }

    internal void CountSent(int packets, long bytes)
    {
        SentBytes += bytes;
        SentPackets += packets;
    }
}
