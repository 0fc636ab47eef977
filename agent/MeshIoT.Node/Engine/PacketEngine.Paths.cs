using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Paths.Peers;

namespace MeshIoT.Node.Engine;

/// <content>Watching the paths in use, telling peers where to ping, and what a change of this machine's network means.</content>
internal sealed partial class PacketEngine
{
    readonly List<PeerSlot> toCall = [];
    EndpointSource ownPlaces = EndpointSource.None;
    byte[] toldPlaces = [];
    long watchMs = long.MaxValue;

    /// <summary>Has peers told these endpoints. Any thread.</summary>
    public void UseEndpoints(EndpointSource source) => Post(new PlacesWork(source));

    /// <summary>The endpoints have been looked up, with or without success. Any thread.</summary>
    public void EndpointsLookedUp() => Post(new LookedUpWork());

    /// <summary>
    /// This machine's network changed. <paramref name="major"/>: it is on another one, so that nothing counts which was found out; otherwise
    /// every path is asked at once. Any thread.
    /// </summary>
    public void LinkChanged(bool major) => Post(new LinkWork(major));

    /// <summary>What decides where a peer's datagrams go; null while there is no state for it. Engine thread.</summary>
    internal PeerPath? PathOf(NodePublicKey key) => index.TryFind(key, out PeerEntry? entry) ? entry.Slot?.Path : null;

    // It went over a trusted path alone; when nothing comes back, the path is to be asked.
    // True when that is noted, so that what follows at the same time need not be.
    bool WatchAnswer(PeerSlot slot, ReadOnlySpan<byte> packet, long nowMs)
    {
        if (slot.Disco is not { } peer || !peer.IsTrusted(nowMs) || !IPPacket.TryRead(packet, out IPPacket read) || !AnswerExpectation.Of(read))
        {
            return false;
        }

        slot.Path.Watch.Sent(nowMs, peer.LatencyMs);
        watchMs = Math.Min(watchMs, slot.Path.Watch.NextMs);
        return true;
    }

    void PollWatches(long nowMs)
    {
        if (nowMs < watchMs)
        {
            return;
        }

        watchMs = long.MaxValue;
        foreach (PeerSlot slot in slots)
        {
            if (slot.Disco is not { } peer)
            {
                continue;
            }

            switch (slot.Path.Watch.Poll(peer, nowMs))
            {
                case PathStep.Probe:
                    disco!.Probe(peer, nowMs);
                    break;
                case PathStep.Doubt:
                    disco!.Doubt(peer, nowMs);
                    break;
                default:
                    break;
            }

            watchMs = Math.Min(watchMs, slot.Path.Watch.NextMs);
        }
    }

    // An authentic packet of the peer came from there.
    void HeardFrom(PeerSlot slot, ReadOnlySpan<byte> source18, long nowMs)
    {
        if (carriedBy != 0)
        {
            if (slot.Path.HeardByRelay(carriedBy, nowMs))
            {
                disco!.Doubt(slot.Disco!, nowMs);
            }

            return;
        }

        bool elsewhere = slot.Path.Heard(source18, nowMs);
        if (slot.Disco is { } peer)
        {
            disco!.Vouch(peer, source18, nowMs);
            if (elsewhere)
            {
                disco.Heard(peer, source18, nowMs);
            }

            AskAfterMove(slot, peer, source18, nowMs);
        }
    }

    // The peer sends from another place than the one that is trusted for some seconds more: it may have left that, and with it goes all that is
    // sent there. A ping without its pong settles it within moments.
    void AskAfterMove(PeerSlot slot, DiscoPeer peer, ReadOnlySpan<byte> source18, long nowMs)
    {
        if (peer.Best is { } best && !source18.SequenceEqual(best) && peer.IsTrusted(nowMs) && slot.Path.Watch.Moved(nowMs) && disco!.Probe(peer, nowMs))
        {
            slot.Path.Watch.Probed(nowMs, peer.LatencyMs);
            watchMs = Math.Min(watchMs, slot.Path.Watch.NextMs);
        }
    }

    // Where we are is told by relay: at once as far as it is known, and again when it has been looked up.
    void CallPeer(DiscoPeer peer, bool isSuspect, long nowMs)
    {
        if (peer.Tag is not PeerSlot slot || RegionOf(slot) == 0)
        {
            return;
        }

        toldPlaces = ownPlaces.Packed;
        disco!.Call(peer, toldPlaces, nowMs);
        if (isSuspect || !ownPlaces.IsFresh)
        {
            if (!toCall.Contains(slot))
            {
                toCall.Add(slot);
            }

            ownPlaces.Refresh();
        }
    }

    void CallAgain(long nowMs)
    {
        byte[] now = ownPlaces.Packed;
        bool news = !now.AsSpan().SequenceEqual(toldPlaces);
        foreach (PeerSlot slot in slots)
        {
            if (slot.Disco is not { } peer || peer.IsTrusted(nowMs))
            {
                continue;
            }

            if (news)
            {
                disco!.Look(peer, nowMs);
            }
            else if (toCall.Contains(slot))
            {
                disco!.Call(peer, now, nowMs);
            }
        }

        toCall.Clear();
        FlushRelays();
    }

    void TakeLinkChange(bool major, long nowMs)
    {
        foreach (PeerSlot slot in slots)
        {
            if (major)
            {
                slot.Path.Forget();
            }
            else if (slot.Disco is { Best: not null } peer)
            {
                disco!.Doubt(peer, nowMs);
            }
        }

        if (major)
        {
            disco?.Forget(nowMs);
        }

        FlushRelays();
    }

    sealed class PlacesWork(EndpointSource source) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => engine.ownPlaces = source;
    }

    sealed class LookedUpWork : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => engine.CallAgain(nowMs);
    }

    sealed class LinkWork(bool major) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => engine.TakeLinkChange(major, nowMs);
    }
}
