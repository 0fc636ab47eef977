using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace MeshIoT.Node.Session;

/// <summary>What a node does with networks that are no nodes.</summary>
/// <param name="Advertised">Those behind this node: peers may reach them through it, and they are never routed to a peer.</param>
/// <param name="Accept">Whether those behind peers are routed to them.</param>
internal sealed record RoutePreferences(IReadOnlyList<IPNetwork> Advertised, bool Accept)
{
    /// <summary>Neither.</summary>
    public static RoutePreferences None { get; } = new([], false);

    /// <summary>Whether both say the same.</summary>
    public bool SameAs(RoutePreferences other) => Accept == other.Accept && Advertised.SequenceEqual(other.Advertised);
}
