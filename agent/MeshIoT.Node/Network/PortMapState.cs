using MeshIoT.PortMap;

namespace MeshIoT.Node.Network;

/// <summary>What the router does for this node. Immutable.</summary>
/// <param name="Mapping">The mapping that holds now.</param>
/// <param name="Trouble">What stands in the way of one.</param>
/// <param name="NatPmp">It answered in that protocol; null: not asked yet, or not asked because another one served.</param>
/// <param name="Pcp">As <paramref name="NatPmp"/>.</param>
/// <param name="Upnp">As <paramref name="NatPmp"/>.</param>
internal sealed record PortMapState(PortMapping? Mapping, PortMapTrouble? Trouble, bool? NatPmp, bool? Pcp, bool? Upnp)
{
    /// <summary>Nothing, or nobody asked.</summary>
    public static PortMapState None { get; } = new(null, null, null, null, null);

    /// <summary>Whether being told this is news after the other: a renewal is none.</summary>
    public bool SaysTheSameAs(PortMapState other) =>
        Equals(Mapping?.External, other.Mapping?.External) && this with { Mapping = null } == other with { Mapping = null };
}
