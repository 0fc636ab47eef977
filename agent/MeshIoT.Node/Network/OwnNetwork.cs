using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Paths.Endpoints;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Network;

/// <summary>What the coordinator is told of where this node is. Immutable.</summary>
/// <param name="Endpoints">Where it can be reached, the most promising first.</param>
/// <param name="Info">What is known of its network; null: nothing yet.</param>
internal sealed record OwnNetwork(IReadOnlyList<OwnEndpoint> Endpoints, NetInfo? Info)
{
    /// <summary>Nothing at all.</summary>
    public static OwnNetwork None { get; } = new([], null);

    /// <summary>The home relay region it names; 0: none.</summary>
    public int Home => Info?.PreferredDERP ?? 0;

    /// <summary>Whether telling it would be no news after the other: latencies alone are none, they never stand still.</summary>
    public bool SaysTheSameAs(OwnNetwork other) => Endpoints.SequenceEqual(other.Endpoints) && IsSame(Info, other.Info);

    static bool IsSame(NetInfo? a, NetInfo? b) => ReferenceEquals(a, b)
        || (a is not null && b is not null && a with { DERPLatency = null } == b with { DERPLatency = null });
}
