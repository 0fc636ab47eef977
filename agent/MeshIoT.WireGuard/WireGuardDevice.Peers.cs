using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <content>Who may talk to this device.</content>
public sealed partial class WireGuardDevice
{
    /// <summary>How many peers there are, at most 65536.</summary>
    public int PeerCount => peers.Count;

    /// <summary>Adds a peer (32-byte key), or finds the one that has this key and gives it the preshared key (32 bytes; null means none, that is zeros).</summary>
    public WireGuardPeer AddPeer(byte[] publicKey, byte[]? presharedKey)
    {
        Bounds.CheckLength(publicKey, ProtocolLimits.KeySize);
        if (presharedKey != null)
        {
            Bounds.CheckLength(presharedKey, ProtocolLimits.KeySize);
        }

        WireGuardPeer? peer = peers.Find(publicKey);
        if (peer == null)
        {
            if (isClosed || peers.Count >= ProtocolLimits.MaxPeers || ConstantTime.Equal(publicKey, 0, this.publicKey, 0, publicKey.Length))
            {
                throw new ArgumentException("the device is wiped or full, or the key is its own");
            }

            peer = new WireGuardPeer(this, indexes, limits, publicKey);
            peers.Add(peer);
            schedule.Add(peer);
        }

        if (presharedKey == null)
        {
            Array.Clear(peer.PresharedKey, 0, peer.PresharedKey.Length);
        }
        else
        {
            Array.Copy(presharedKey, 0, peer.PresharedKey, 0, presharedKey.Length);
        }

        return peer;
    }

    /// <summary>Forgets a peer with its sessions, keys, waiting packets and allowed IPs. A peer that was removed before is left alone.</summary>
    public void RemovePeer(WireGuardPeer peer)
    {
        if (peer == null || !peer.BelongsTo(this))
        {
            throw new ArgumentException("not a peer of this device");
        }

        if (peer.IsRemoved)
        {
            return;
        }

        peer.IsRemoved = true;
        peers.Remove(peer);
        schedule.Remove(peer);
        AllowedIPs.RemoveByPeer(peer);
        WipeSessions(peer);
        peer.Timers.StopAll();
        peer.Cookies.Wipe();
        Array.Clear(peer.PresharedKey, 0, peer.PresharedKey.Length);
        if (peer.StaticSecret != null)
        {
            Array.Clear(peer.StaticSecret, 0, peer.StaticSecret.Length);
            peer.StaticSecret = null;
        }
    }

    /// <summary>The peer with this public key, or null.</summary>
    public WireGuardPeer? FindPeer(byte[] publicKey)
    {
        Bounds.CheckLength(publicKey, ProtocolLimits.KeySize);
        return peers.Find(publicKey);
    }

    /// <summary>The peer at a position from 0 to PeerCount - 1. Removing a peer moves the last one to its position.</summary>
    public WireGuardPeer PeerAt(int index) => peers.At(index);

    internal void BeginAnew(WireGuardPeer peer)
    {
        peer.Keypairs.Clear();
        ForgetPending(peer);
        peer.FlushDue = false;
        peer.NextInitiationMs = long.MinValue;
        peer.NextIsEarly = false;
        peer.HandshakeRequested = true;
        Reschedule(peer);
    }

    /// <summary>All three sessions, the pending handshake and whatever waited for them.</summary>
    void WipeSessions(WireGuardPeer peer)
    {
        peer.Keypairs.Clear();
        ForgetPending(peer);
        DropStaged(peer);
        peer.FlushDue = false;
    }

    void ForgetPending(WireGuardPeer peer)
    {
        if (peer.Pending.IsActive)
        {
            indexes.Remove(peer.Pending);
            peer.Pending.Wipe();
        }
    }

    void DropStaged(WireGuardPeer peer)
    {
        drops[(int)DeviceFault.StagedExpired] += peer.Staged.Flush();
        peer.KeepaliveStaged = false;
    }
}
