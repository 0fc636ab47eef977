using System;
using MeshIoT.Crypto;
using MeshIoT.Disco;

namespace MeshIoT.Node.Engine;

/// <content>Disco: its packets arrive on the same port, and what they prove decides where WireGuard's go.</content>
internal sealed partial class PacketEngine
{
    readonly DiscoPrivateKey discoKey;
    DiscoDevice? disco;

    /// <summary>Path discovery; null while there is no identity. Engine thread.</summary>
    internal DiscoDevice? Disco => disco;

    // Something goes to the peer: its pings are due, unless they were sent of late.
    void WantPath(PeerSlot slot, long nowMs)
    {
        if (slot.Disco is { } peer)
        {
            disco!.Want(peer, nowMs);
        }
    }

    void MeetDisco(PeerSlot slot)
    {
        if (!slot.Plan.DiscoKey.IsZero)
        {
            slot.Disco = disco!.Add(slot.Plan.DiscoKey, slot.Plan.Candidates);
            slot.Disco.Tag = slot;
        }
    }

    void UpdateDisco(PeerSlot slot, long nowMs)
    {
        if (slot.Disco is null)
        {
            MeetDisco(slot);
        }
        else if (slot.Plan.DiscoKey.IsZero)
        {
            disco!.Remove(slot.Disco);
            slot.Disco = null;
        }
        else
        {
            disco!.Update(slot.Disco, slot.Plan.DiscoKey, slot.Plan.Candidates, nowMs);
        }
    }

    /// <summary>
    /// Our side of <see cref="DiscoDevice"/>. A ping means that the peer wants to talk and, with our pong, has a way to us only
    /// now. So a handshake that it could not answer before is tried again at once, and one that it could not begin is begun.
    /// </summary>
    sealed class DiscoSide(PacketEngine engine) : DiscoHost
    {
        public override bool Knows(DiscoPublicKey key) => engine.index.TryFind(key, out _);

        public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18) => engine.udp.Send(datagram, endpoint18);

        public override void Relay(ReadOnlySpan<byte> datagram, int region, NodePublicKey to) => engine.SendByRelay(datagram, region, to);

        public override bool Relay(ReadOnlySpan<byte> datagram, DiscoPeer peer) =>
            peer.Tag is PeerSlot slot && engine.SendByRelay(datagram, engine.RegionOf(slot), slot.Plan.Key);

        public override void CallDue(DiscoPeer peer, bool isSuspect, long nowMs) => engine.CallPeer(peer, isSuspect, nowMs);

        public override DiscoPeer? Caller(NodePublicKey nodeKey, DiscoPublicKey key) =>
            engine.index.TryFind(nodeKey, out PeerEntry? entry) && entry.Plan.DiscoKey == key ? engine.Wake(entry).Disco : null;

        // It looks for us: perhaps because it finds our path dead.
        public override void Called(DiscoPeer peer, long nowMs)
        {
            if (peer.Tag is not PeerSlot slot)
            {
                return;
            }

            engine.HurryCalled(slot, nowMs);
            if (peer.IsTrusted(nowMs) && engine.disco!.Probe(peer, nowMs))
            {
                slot.Path.Watch.Probed(nowMs, peer.LatencyMs);
                engine.watchMs = Math.Min(engine.watchMs, slot.Path.Watch.NextMs);
            }
        }

        public override void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18)
        {
            PeerEntry? entry;
            bool known = nodeKey.IsZero ? engine.index.TryFind(from, out entry) : engine.index.TryFind(nodeKey, out entry);
            if (!known || entry!.Plan.DiscoKey != from)
            {
                return;
            }

            long nowMs = engine.NowMs;
            PeerSlot slot = engine.Wake(entry);
            if (!RelayEndpoint.Is(source18))
            {
                engine.disco!.Heard(slot.Disco!, source18, nowMs);
            }

            engine.HurryPinged(slot, nowMs);
        }

        public override void BestChanged(DiscoPeer peer)
        {
            if (peer.Tag is not PeerSlot slot)
            {
                return;
            }

            if (peer.IsTrusted(engine.NowMs))
            {
                engine.Hurry(slot, engine.NowMs);
            }

            if (slot.Publish(engine.NowMs, engine.RegionOf(slot)))
            {
                engine.NotifyChanged();
            }
        }

        public override void TrustChanged(DiscoPeer peer) => BestChanged(peer);
    }
}
