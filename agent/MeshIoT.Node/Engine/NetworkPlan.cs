using System.Collections.Generic;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Filter;
using MeshIoT.Node.Session;

namespace MeshIoT.Node.Engine;

/// <summary>All that the engine needs of a netmap. Immutable; a new one replaces the old one as a whole.</summary>
internal sealed record NetworkPlan
{
    /// <summary>This node's WireGuard identity; owned by the node, alive while the engine runs.</summary>
    public required NodePrivateKey Identity { get; init; }

    /// <summary>Own tailnet addresses, IPv4 first.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>The peers, in the order of the netmap.</summary>
    public required IReadOnlyList<PeerPlan> Peers { get; init; }

    /// <summary>The networks behind this node and behind its peers that it was made with.</summary>
    public RoutePreferences Routes { get; init; } = RoutePreferences.None;

    /// <summary>Who may reach what here.</summary>
    public required PacketFilter Filter { get; init; }
}
