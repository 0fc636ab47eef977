using System.Collections.Generic;
using MeshIoT.Paths.Peers;

namespace MeshIoT.Node.Engine;

/// <content>
/// Handshakes that need not wait for WireGuard's five seconds: the initiation was lost because there was no way, and now there is one, or
/// the peer wants to talk and can begin nothing. WireGuard bounds how many go early, whatever paths and peers do.
/// </content>
internal sealed partial class PacketEngine
{
    // A peer that calls sends its own initiation besides, as a rule: then there is nothing to begin.
    const long HurryIntervalMs = 1_000, CallerBeginsMs = 400;

    readonly HashSet<int> openRegions = [];

    /// <summary>A relay's connection came or went. Engine thread.</summary>
    internal void RelayChanged(int region, long nowMs)
    {
        if (relay?.IsConnected(region) != true)
        {
            openRegions.Remove(region);
            return;
        }

        if (!openRegions.Add(region))
        {
            return;
        }

        foreach (PeerSlot slot in slots)
        {
            if (slot.Initiation.Opened(region, nowMs))
            {
                Hurry(slot, nowMs);
            }
        }

        PumpDevice(nowMs);
    }

    // An initiation leaves by that choice of ways.
    void NoteInitiation(PeerSlot slot, bool isDirect, int relayedBy, long nowMs)
    {
        long directMs = isDirect && slot.Disco is { } peer && peer.IsTrusted(nowMs) ? 2 * peer.LatencyMs : 0;
        slot.Initiation.Sent(nowMs, directMs, relayedBy, relayedBy != 0 && relay!.IsConnected(relayedBy));
    }

    // There may be a way now that was none when the initiation left.
    void Hurry(PeerSlot slot, long nowMs)
    {
        if (slot.Peer.HasSession(nowMs))
        {
            return;
        }

        long atMs = slot.Initiation.RetryAt(nowMs, slot.Path.DirectAt(nowMs) is not null);
        if (atMs != InitiationWatch.Never)
        {
            slot.Peer.RetryHandshakeAt(atMs);
        }
    }

    // It pings: it wants to talk, and our pong is its way to us. Where there are relays, its initiation is on its way by one already, a
    // little slower than its ping; one of ours that crosses it would make WireGuard's reference implementation forget its own, which costs
    // a round trip and more.
    void HurryPinged(PeerSlot slot, long nowMs)
    {
        if (!MayHurry(slot, nowMs))
        {
            return;
        }

        if (openRegions.Count > 0)
        {
            slot.Peer.RequestHandshakeUnlessHeard(nowMs + CallerBeginsMs);
        }
        else
        {
            slot.Peer.RequestHandshake();
        }

        Hurry(slot, nowMs);
    }

    // It calls by relay, so it can be reached there.
    void HurryCalled(PeerSlot slot, long nowMs)
    {
        if (MayHurry(slot, nowMs))
        {
            slot.Peer.RequestHandshakeUnlessHeard(nowMs + CallerBeginsMs);
            Hurry(slot, nowMs);
        }
    }

    static bool MayHurry(PeerSlot slot, long nowMs)
    {
        if (slot.Peer.HasSession(nowMs) || nowMs - slot.HurriedMs < HurryIntervalMs)
        {
            return false;
        }

        slot.HurriedMs = nowMs;
        return true;
    }
}
