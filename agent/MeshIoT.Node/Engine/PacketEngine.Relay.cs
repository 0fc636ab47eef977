using System;
using System.Collections.Concurrent;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Disco;
using MeshIoT.Paths.Peers;

namespace MeshIoT.Node.Engine;

/// <content>
/// Relays: a second way to every peer whose home relay is known. A relay names the sender of each packet; that must be a peer of the
/// netmap, and what the packet proves must be that peer's. data-plane.md section 4.5.
/// </content>
internal sealed partial class PacketEngine
{
    const int MostWork = 4_096;

    readonly ConcurrentQueue<DerpBatch> relayed = new();
    readonly byte[] relaySource = new byte[Endpoints.Size], relayKey = new byte[32];
    DerpSender? relay;
    NodePublicKey carriedFrom;
    int carriedBy;
    bool relayHolds;

    /// <summary>Packets that came by relay from nodes that are not in the netmap.</summary>
    public long StrangerDrops { get; private set; }

    /// <summary>Datagrams of the network that claim to come from a relay.</summary>
    public long FalseRelayDrops { get; private set; }

    /// <summary>Packets that came by relay from peers.</summary>
    public long RelayedIn { get; private set; }

    /// <summary>Packets given to relays.</summary>
    public long RelayedOut { get; private set; }

    /// <summary>What relays bring is given to this. Any thread.</summary>
    public DerpReceiver Relayed { get; }

    /// <summary>Has relays used from now on; null: none. Any thread.</summary>
    public void UseRelays(DerpSender? sender) => Post(new RelayWork(sender));

    /// <summary>The engine's, until it returns it. Any thread.</summary>
    internal void Offer(DerpBatch batch)
    {
        relayed.Enqueue(batch);
        poller.Wake();
        if (stopped)
        {
            ReturnBatches();
        }
    }

    /// <summary>As <see cref="Post(EngineWork)"/>, for what may be left out: a relay must not fill the memory.</summary>
    internal void PostUnlessCrowded(EngineWork item)
    {
        if (work.Count < MostWork)
        {
            Post(item);
        }
    }

    /// <summary>The peer is not at that relay (any more). Engine thread.</summary>
    internal void LeftRelay(int region, NodePublicKey key, long nowMs)
    {
        if (!index.TryFind(key, out PeerEntry? entry) || entry.Slot is not { } slot)
        {
            return;
        }

        slot.Path.LeftRelay(region);
        slot.Initiation.Gone(region);
        if (RegionOf(slot) is var other && other != 0 && other != region)
        {
            Hurry(slot, nowMs);
        }
    }

    void ReturnBatches()
    {
        while (relayed.TryDequeue(out DerpBatch? batch))
        {
            batch.Return();
        }
    }

    bool DrainRelays(long nowMs)
    {
        for (int packets = 0; packets < BatchSize && relayed.TryDequeue(out DerpBatch? batch);)
        {
            packets += batch.Count;
            foreach (ref readonly DerpPacket packet in batch.Packets)
            {
                TakeRelayed(batch, packet, nowMs);
            }

            batch.Return();
        }

        return !relayed.IsEmpty;
    }

    void TakeRelayed(DerpBatch batch, in DerpPacket packet, long nowMs)
    {
        NodePublicKey from = batch.SourceOf(packet);
        ReadOnlySpan<byte> bytes = batch.BytesOf(packet);
        bool known = index.TryFind(from, out _);
        if (!known || bytes.Length > LargestDatagram || batch.Region is <= 0 or > RelayEndpoint.MostRegion)
        {
            StrangerDrops++;
            if (!known && bytes.Length == EarlyInitiations.Size && !DiscoDatagram.IsDisco(bytes))
            {
                RelayEndpoint.Write(batch.Region, relaySource);
                early.Keep(bytes, relaySource, from, nowMs);
            }

            return;
        }

        RelayedIn++;
        if (!DiscoDatagram.IsDisco(bytes))
        {
            ReceiveCarried(batch.Buffer, packet.Offset, packet.Length, batch.Region, from, nowMs);
            return;
        }

        bytes.CopyTo(datagram);
        disco!.ReceiveByRelay(datagram, bytes.Length, batch.Region, from, nowMs);
        PumpDevice(nowMs);
    }

    void ReceiveCarried(byte[] bytes, int offset, int length, int region, NodePublicKey from, long nowMs)
    {
        RelayEndpoint.Write(region, relaySource);
        from.CopyTo(relayKey);
        (carriedBy, carriedFrom) = (region, from);
        device!.NamedSender = relayKey;
        Receive(bytes, offset, length, relaySource, nowMs);
        if (device is not null)
        {
            device.NamedSender = null;
        }

        carriedBy = 0;
    }

    // The relay that leads to the peer; 0: none.
    int RegionOf(PeerSlot slot)
    {
        PeerPath path = slot.Path;
        bool choice = relay is not null && path.Home != 0 && path.Reached != 0 && path.Home != path.Reached;
        return relay is null ? 0 : path.Region(!choice || relay.IsConnected(path.Home), choice && relay.IsConnected(path.Reached));
    }

    bool SendByRelay(ReadOnlySpan<byte> bytes, int region, NodePublicKey to)
    {
        if (region == 0 || relay is null || !relay.Send(region, to, bytes, more: true))
        {
            return false;
        }

        RelayedOut++;
        Traffic.SentByRelay(1, bytes.Length);
        relayHolds = true;
        return true;
    }

    // Enough of it, and the direct path is looked for before its time.
    void NoteCarried(PeerSlot slot, int bytes, long nowMs)
    {
        if (slot.Disco is { } peer)
        {
            disco!.Carried(peer, bytes, nowMs);
        }
    }

    void FlushRelays()
    {
        if (relayHolds)
        {
            relayHolds = false;
            relay?.Flush();
        }
    }

    sealed class RelayWork(DerpSender? sender) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs)
        {
            engine.relay = sender;
            engine.openRegions.Clear();
        }
    }
}
