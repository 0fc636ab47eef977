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

    /// <summary>The same with networks behind this node, and behind its peers; what <paramref name="before"/> says of unchanged peers is taken over.</summary>
    public static NetworkPlan Build(Netmap netmap, NodePrivateKey identity, FlowTable flows, RoutePreferences routes, NetworkPlan? before = null)
    {
        IReadOnlyList<IPAddress> own = AddressesOf(netmap.Self);
        IEnumerable<IPNetwork> Holders(string capability) => netmap.Peers
            .Where(peer => peer.HasCapability(capability)).SelectMany(static peer => peer.Addresses)
            .Concat(netmap.Self.CapMap?.ContainsKey(capability) == true ? HostPrefixes(netmap.Self.Addresses) : []);
        PlanCursor known = new(before is not null && before.Routes.SameAs(routes) && before.Addresses.SequenceEqual(own) ? before.Peers : []);
        return new NetworkPlan
        {
            Identity = identity,
            Addresses = own,
            Routes = routes,
            Filter = PacketFilter.Compile(netmap.PacketFilter, [.. HostPrefixes(netmap.Self.Addresses), .. routes.Advertised], out _, flows, Holders),
            Peers = [.. netmap.Peers
                .Where(peer => IsUsable(peer) && peer.Key != identity.PublicKey)
                .DistinctBy(static peer => peer.Key)
                .Select(peer => known.Find(peer) ?? Plan(peer, own, routes))],
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
        IPNetwork[] kept = [.. peer.AllowedIPs.Where(prefix => IsHost(prefix)
            ? !own.Contains(prefix.BaseAddress)
            : routes.Accept && prefix.PrefixLength > 0 && !routes.Advertised.Contains(prefix))
            .Distinct().OrderBy(prefix => peer.Addresses.Contains(prefix) ? 0 : 1)];
        return new PeerPlan
        {
            Key = peer.Key,
            DiscoKey = peer.DiscoKey,
            AllowedIPs = kept.SequenceEqual(peer.AllowedIPs) ? peer.AllowedIPs : kept,
            OwnCount = kept.Count(peer.Addresses.Contains),
            Candidates = Endpoints.Pack(peer.Endpoints),
            Home = peer.IsWireGuardOnly || peer.HomeDERP is < 0 or > RelayEndpoint.MostRegion ? 0 : peer.HomeDERP,
            Source = peer,
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

    /// <summary>Walks along the plans of before; both sides are in the order of ids.</summary>
    sealed class PlanCursor(IReadOnlyList<PeerPlan> plans)
    {
        int next;

        public PeerPlan? Find(Peer peer)
        {
            while (next < plans.Count && plans[next].Source is { } source && source.ID < peer.ID)
            {
                next++;
            }

            return next < plans.Count && ReferenceEquals(plans[next].Source, peer) ? plans[next] : null;
        }
    }
}
