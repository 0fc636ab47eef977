using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Node.Network;

/// <summary>What the router does for this node. Immutable.</summary>
internal sealed record PortMapView
{
    /// <summary>Nothing, or nobody asked.</summary>
    public static PortMapView None { get; } = new();

    /// <summary>Outside endpoints of mappings that hold now.</summary>
    public IReadOnlyList<IPEndPoint> Mapped { get; init; } = [];

    /// <summary>It speaks UPnP; null: not asked.</summary>
    public bool? UPnP { get; init; }

    /// <summary>It speaks NAT-PMP; null: not asked.</summary>
    public bool? Pmp { get; init; }

    /// <summary>It speaks PCP; null: not asked.</summary>
    public bool? Pcp { get; init; }
}
