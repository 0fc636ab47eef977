using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>A node as netmaps show it: to itself, and to its peers.</summary>
internal sealed class NodeView(string baseDomain)
{
    // Without the first `tailscale up --ssh` is refused, without the second Taildrop is.
    static readonly Dictionary<string, IReadOnlyList<JsonElement>?> SelfCapabilities = new()
    {
        ["https://tailscale.com/cap/file-sharing"] = null,
        ["https://tailscale.com/cap/ssh"] = null,
    };

    /// <summary>The node to itself.</summary>
    /// <param name="tailnet">Where it is.</param>
    /// <param name="node">The node.</param>
    /// <param name="key">The node key that its stream was opened with: until it has taken up a new one, the old one is its own to it.</param>
    public Node ToSelf(Tailnet tailnet, NodeRecord node, NodePublicKey key)
    {
        Node self = Common(tailnet, node, Serving(tailnet, node));
        self.Key = key == node.PreviousNodeKey ? key : node.NodeKey;
        self.CapMap = SelfCapabilities;
        self.Online = true;
        self.MachineAuthorized = node.Approved;
        self.Hostinfo = node.Hostinfo;
        self.Endpoints = node.Endpoints.IsEmpty ? null : node.Endpoints;
        return self;
    }

    /// <summary>The node to a peer that may use <paramref name="routes"/> through it.</summary>
    public Node ToPeer(Tailnet tailnet, NodeRecord node, ImmutableArray<IPNetwork> routes)
    {
        Node peer = Common(tailnet, node, routes);
        peer.Hostinfo = HostinfoView.ForPeers(node.Hostinfo);
        peer.Online = node.Online;
        peer.LastSeen = node.Online ? null : node.LastSeen;
        peer.Expired = node.Expired;
        peer.MachineAuthorized = true;
        peer.Endpoints = node.ShownEndpoints.IsEmpty ? null : node.ShownEndpoints;
        return peer;
    }

    /// <summary>The routes that lead to the node now: exit routes of every exit node, subnet routes where it is its turn.</summary>
    public static ImmutableArray<IPNetwork> Serving(Tailnet tailnet, NodeRecord node) =>
        node.Routes.IsEmpty || !node.Approved ? [] : node.Routes.RemoveAll(r => !RouteList.IsExit(r) && tailnet.Primaries.GetValueOrDefault(r) != node.Id);

    /// <summary>Its full name, without the dot at the end.</summary>
    public string NameOf(NodeRecord node) => $"{node.Label}.{baseDomain}";

    /// <summary>Who owns it.</summary>
    public Owner OwnerOf(Tailnet tailnet, NodeRecord node) => node.UserId == 0 ? Owner.TaggedDevices : OwnerOf(tailnet, node.UserId);

    /// <summary>The user as an owner.</summary>
    public Owner OwnerOf(Tailnet tailnet, long userId) => tailnet.Users.TryGetValue(userId, out UserRecord? user) ? Owner.Of(user, baseDomain) : Owner.Unknown(userId);

    Node Common(Tailnet tailnet, NodeRecord node, ImmutableArray<IPNetwork> routes)
    {
        string[] addresses = [AddressPlan.IPv4(node.AddressIndex) + "/32", AddressPlan.IPv6(node.AddressIndex) + "/128"];
        string[] primary = [.. routes.Where(r => !RouteList.IsExit(r)).Select(r => r.ToString())];
        return new Node
        {
            ID = node.Id,
            StableID = node.StableId,
            Name = NameOf(node) + ".",
            User = OwnerOf(tailnet, node).Id,
            Key = node.NodeKey,
            KeyExpiry = node.KeyExpiry,
            Machine = node.Machine,
            DiscoKey = node.DiscoKey,
            Addresses = addresses,
            AllowedIPs = routes.IsEmpty ? addresses : [.. addresses, .. routes.Select(r => r.ToString())],
            HomeDERP = node.Hostinfo.NetInfo?.PreferredDERP ?? 0,
            Created = node.Created,
            Cap = node.Version,
            Tags = node.Tags.IsEmpty ? null : node.Tags,
            PrimaryRoutes = primary.Length == 0 ? null : primary,
        };
    }
}
