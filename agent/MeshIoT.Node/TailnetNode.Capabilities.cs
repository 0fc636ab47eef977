using System.Net;
using MeshIoT.Filter;

namespace MeshIoT.Node;

/// <content>What the policy lets peers do here.</content>
public sealed partial class TailnetNode
{
    /// <summary>Whether the tailnet's policy grants a capability (its <c>app</c> part) on this node to whoever has an address; false before the first netmap.</summary>
    /// <param name="from">A tailnet address that WireGuard has proved.</param>
    /// <param name="capability">The capability's whole name, such as <c>meshiot.dev/cap/switch</c>.</param>
    public bool MayUse(IPAddress from, string capability) =>
        latest is { } known && CapabilityGrants.Allow(known.Netmap.PacketFilter, from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from, network.Self.Addresses, capability);
}
