using MeshIoT.Disco;
using MeshIoT.Paths.Peers;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <summary>A peer that talks, as the engine thread holds it: WireGuard's state, what is known of its paths, the published cell.</summary>
internal sealed class PeerSlot(PeerEntry entry, WireGuardPeer peer, PeerCell cell)
{
    // A process that starts over and over says a new key each time.
    TokenBucket keyChanges = new(1, 4);

    readonly long receivedBefore = cell.ReceivedBytes, sentBefore = cell.SentBytes;

    /// <summary>The netmap's side of it.</summary>
    public PeerEntry Entry { get; } = entry;

    /// <summary>The WireGuard state; its Tag is this slot.</summary>
    public WireGuardPeer Peer { get; } = peer;

    /// <summary>What others see.</summary>
    public PeerCell Cell { get; } = cell;

    /// <summary>Where it answers pings; null for a peer without a disco key. Its Tag is this slot.</summary>
    public DiscoPeer? Disco
    {
        get => Path.Disco;
        set => Path.Disco = value;
    }

    /// <summary>What decides where its datagrams go.</summary>
    public PeerPath Path { get; } = new() { Home = entry.Plan.Home };

    /// <summary>Authentic datagrams that were taken note of: one more, and the last one was authentic.</summary>
    public long HeardPackets { get; set; }

    /// <summary>What the netmap says now.</summary>
    public PeerPlan Plan => Entry.Plan;

    /// <summary>When the netmap last gave reason to think that the peer is elsewhere; -1: never.</summary>
    public long DoubtedSinceMs { get; set; } = -1;

    /// <summary>When this node last had something to send to it; -1: never.</summary>
    public long LastOutboundMs { get; set; } = -1;

    /// <summary>Where its last handshake initiation went.</summary>
    public InitiationWatch Initiation { get; } = new();

    /// <summary>When a ping or a call of the peer last hurried a handshake.</summary>
    public long HurriedMs { get; set; } = long.MinValue / 2;

    /// <summary>Whether the endpoint may be the wrong one: long silence, or none since the doubt arose.</summary>
    public bool IsDoubted(long nowMs, long silentAfterMs) =>
        nowMs - Peer.LastReceivedMs > silentAfterMs || (DoubtedSinceMs >= 0 && DoubtedSinceMs >= Peer.LastReceivedMs);

    /// <summary>Whether a handshake was completed that is not published yet.</summary>
    public bool HasNewSession => Peer.LastHandshakeMs >= 0 && Cell.LastHandshakeMs != Peer.LastHandshakeMs;

    /// <summary>Whether the peer may change its disco key by its own word once more: four at once, then one a second.</summary>
    public bool MayChangeDiscoKey(long nowMs) => keyChanges.TryTake(nowMs);

    /// <summary>
    /// Publishes counters and path; true when people would want to know. <paramref name="region"/>: the relay it has, 0 for none. While packets
    /// go both ways, because nothing shows that the direct one works, it is the relay that is relied on and told.
    /// </summary>
    public bool Publish(long nowMs, int region)
    {
        bool handshake = HasNewSession;
        Cell.Publish(
            receivedBefore + Peer.ReceivedBytes,
            sentBefore + Peer.SentBytes,
            handshake ? Peer.LastHandshakeMs : Cell.LastHandshakeMs,
            Peer.LastReceivedMs < 0 ? Cell.LastReceivedMs : Peer.LastReceivedMs);
        SendChoice choice = Path.Choose(nowMs);
        bool news = choice.ByRelay && region != 0 ? Cell.PublishRegion(region) : choice.Direct is { } path && Cell.PublishEndpoint(path);
        return news || handshake;
    }
}
