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

    /// <summary>When this node last had something to send to it; -1: never.</summary>
    public long LastOutboundMs { get; set; } = -1;
}
