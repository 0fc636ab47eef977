using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Filter;
using MeshIoT.Node.Session;
using WireNode = MeshIoT.Tailcfg.Node;

namespace MeshIoT.Node.Engine;

/// <summary>
/// From the coordinator's words to the engine's plan. A node's own addresses and single addresses behind it (a gateway's leaves)
/// are taken; whole subnets only where the person has said so, and default routes never.
/// </summary>
internal static class PlanBuilder
{
    /// <summary>
    /// The plan for a netmap; entries that make no sense are left out. <paramref name="flows"/> keeps the conversations that are
    /// under way through every change of policy.
    /// </summary>
    public static NetworkPlan Build(Netmap netmap, NodePrivateKey identity, FlowTable flows) => Build(netmap, identity, flows, RoutePreferences.None);

    /// <summary>The same with networks behind this node, and behind its peers.</summary>
    public static NetworkPlan Build(Netmap netmap, NodePrivateKey identity, FlowTable flows, RoutePreferences routes)
    {
        IReadOnlyList<IPAddress> own = AddressesOf(netmap.Self);
        IEnumerable<IPNetwork> Holders(string capability) => netmap.Peers
            .Where(peer => peer.HasCapability(capability)).SelectMany(static peer => peer.Addresses)
            .Concat(netmap.Self.CapMap?.ContainsKey(capability) == true ? HostPrefixes(netmap.Self.Addresses) : []);
        return new NetworkPlan
        {
            Identity = identity,
            Addresses = own,
            Filter = PacketFilter.Compile(netmap.PacketFilter, [.. HostPrefixes(netmap.Self.Addresses), .. routes.Advertised], out _, flows, Holders),
            Peers = [.. netmap.Peers
                .Where(peer => IsUsable(peer) && peer.Key != identity.PublicKey)
                .DistinctBy(static peer => peer.Key)
                .Select(peer => Plan(peer, own, routes))],
        };
    }

    /// <summary>The addresses of a node, IPv4 first.</summary>
    public static IReadOnlyList<IPAddress> AddressesOf(WireNode node) =>
        [.. HostPrefixes(node.Addresses).Select(static prefix => prefix.BaseAddress).OrderBy(static address => address.AddressFamily)];

    /// <summary>The addresses of a peer, IPv4 first.</summary>
    public static IReadOnlyList<IPAddress> AddressesOf(Peer peer) =>
        [.. peer.Addresses.Select(static prefix => prefix.BaseAddress).OrderBy(static address => address.AddressFamily)];

    // A jailed peer may only answer us; until the filter knows that difference it gets nothing.
    static bool IsUsable(Peer peer) => !peer.Expired && !peer.IsJailed && !peer.Key.IsZero;

    static PeerPlan Plan(Peer peer, IReadOnlyList<IPAddress> own, RoutePreferences routes)
    {
        IPNetwork[] prefixes = [.. peer.AllowedIPs.Where(prefix => IsHost(prefix)
            ? !own.Contains(prefix.BaseAddress)
            : routes.Accept && prefix.PrefixLength > 0 && !routes.Advertised.Contains(prefix))
            .Distinct().OrderBy(prefix => peer.Addresses.Contains(prefix) ? 0 : 1)];
        return new PeerPlan
        {
            Key = peer.Key,
            DiscoKey = peer.DiscoKey,
            AllowedIPs = prefixes,
            OwnCount = prefixes.Count(peer.Addresses.Contains),
            Candidates = Endpoints.Pack(peer.Endpoints),
            Home = peer.IsWireGuardOnly || peer.HomeDERP is < 0 or > RelayEndpoint.MostRegion ? 0 : peer.HomeDERP,
        };
    }

    /// <summary>Whether the prefix is a single address.</summary>
    public static bool IsHost(IPNetwork prefix) => prefix.PrefixLength == (prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    static IEnumerable<IPNetwork> HostPrefixes(IReadOnlyList<string>? texts)
    {
        foreach (string text in texts ?? [])
        {
            if (IPNetwork.TryParse(text, out IPNetwork prefix) && IsHost(prefix))
            {
                yield return prefix;
            }
        }
    }
}
