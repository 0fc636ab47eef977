using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <content>
/// Peers that talk. State for sessions and paths is made with the first packet for a peer or its first handshake, and goes when the
/// keys are gone: WireGuard wipes them nine minutes after the last handshake.
/// </content>
internal sealed partial class PacketEngine
{
    // Sweeping costs a look at each peer that talks; timers may fire many times a second.
    const long SweepIntervalMs = 5_000;

    readonly List<PeerSlot> slots = [];
    PeerSlot? knocked;
    long sweptMs = long.MinValue / 2;
    bool sweepDue;

    /// <summary>How many peers there is state for.</summary>
    public int SlotCount => slots.Count;

    /// <summary>Whom each inner address belongs to. Engine thread.</summary>
    internal RouteTable Routes { get; } = new();

    /// <summary>The state of a peer, made if there is none. Engine thread.</summary>
    internal PeerSlot Wake(PeerEntry entry)
    {
        if (entry.Slot is { } known)
        {
            return known;
        }

        PeerCell cell = entry.Cell ??= new PeerCell();
        cells[entry.Plan.Key] = cell;
        WireGuardPeer peer = device!.AddPeer(entry.Plan.Key.ToArray(), presharedKey: null);
        if (entry.LastTimestamp is { } last)
        {
            peer.RestoreLastTimestamp(last, 0);
        }

        PeerSlot slot = new(entry, peer, cell);
        peer.Tag = slot;
        entry.Slot = slot;
        slots.Add(slot);
        MeetDisco(slot);
        return slot;
    }

    /// <summary>The state of the peer that an initiation names. It has proved nothing yet. Engine thread.</summary>
    internal PeerSlot? KnockedOn(NodePublicKey key) => index.TryFind(key, out PeerEntry? entry) ? knocked = Wake(entry) : null;

    // WireGuard has judged a datagram: whoever only claimed to be a silent peer leaves no trace.
    void SettleKnock(DeviceResult result)
    {
        if (knocked is { } slot && result == DeviceResult.Rejected)
        {
            bool first = slot.Cell.LastHandshakeMs < 0 && slot.Entry.LastTimestamp is null;
            Drop(slot);
            if (first)
            {
                slot.Entry.Cell = null;
                cells.TryRemove(slot.Plan.Key, out _);
            }
        }

        knocked = null;
    }

    void Sweep(long nowMs)
    {
        sweepDue = false;
        sweptMs = nowMs;
        for (int i = slots.Count - 1; i >= 0; i--)
        {
            // One that is only pinged has no session, but its pongs are waited for.
            if (slots[i].Peer.IsIdle && slots[i].Disco is { IsPinged: true })
            {
                sweepDue = true;
            }
            else if (slots[i].Peer.IsIdle)
            {
                Drop(slots[i]);
            }
        }
    }

    void Drop(PeerSlot slot)
    {
        PeerEntry entry = slot.Entry;
        byte[] last = new byte[12];
        slot.Peer.CopyLastTimestamp(last, 0);
        entry.LastTimestamp = last.AsSpan().IndexOfAnyExcept((byte)0) < 0 ? null : last;
        entry.Slot = null;
        slot.Cell.Rest();
        slots.Remove(slot);
        toCall.Remove(slot);
        device!.RemovePeer(slot.Peer);
        if (slot.Disco is { } known)
        {
            disco!.Remove(known);
        }

        NotifyChanged();
    }
}
