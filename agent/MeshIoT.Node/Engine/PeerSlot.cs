using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <summary>A peer as the engine thread holds it: WireGuard's state, the netmap's facts, the published cell.</summary>
internal sealed class PeerSlot(WireGuardPeer peer, PeerPlan plan)
{
    /// <summary>The WireGuard state; its Tag is this slot.</summary>
    public WireGuardPeer Peer { get; } = peer;

    /// <summary>What others see.</summary>
    public PeerCell Cell { get; } = new();

    /// <summary>What the netmap says now.</summary>
    public PeerPlan Plan { get; set; } = plan;

    /// <summary>When the netmap last gave reason to think that the peer is elsewhere; -1: never.</summary>
    public long DoubtedSinceMs { get; set; } = -1;

    /// <summary>Whether the endpoint may be the wrong one: long silence, or none since the doubt arose.</summary>
    public bool IsDoubted(long nowMs, long silentAfterMs) =>
        nowMs - Peer.LastReceivedMs > silentAfterMs || (DoubtedSinceMs >= 0 && DoubtedSinceMs >= Peer.LastReceivedMs);

    /// <summary>When this node last had something to send to it; -1: never.</summary>
    public long LastOutboundMs { get; set; } = -1;
}
