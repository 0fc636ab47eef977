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
    const string Caps = "https://tailscale.com/cap/";

    /// <summary>The node to itself.</summary>
    /// <param name="tailnet">Where it is.</param>
    /// <param name="node">The node.</param>
    /// <param name="key">The node key that its stream was opened with: until it has taken up a new one, the old one is its own to it.</param>
    public Node ToSelf(Tailnet tailnet, NodeRecord node, NodePublicKey key)
    {
        Node self = Common(tailnet, node, [.. Own(node), .. Serving(tailnet, node)]);
        self.Key = key == node.PreviousNodeKey ? key : node.NodeKey;
        self.CapMap = SelfCaps(tailnet, node);
        self.Online = true;
        self.MachineAuthorized = node.Approved;
        self.Hostinfo = node.Hostinfo;
        self.Endpoints = node.Endpoints.IsEmpty ? null : node.Endpoints;
        return self;
    }

    /// <summary>The node to a peer that may send it packets for <paramref name="allowed"/>.</summary>
    public Node ToPeer(Tailnet tailnet, NodeRecord node, IReadOnlyList<IPNetwork> allowed)
    {
        Node peer = Common(tailnet, node, allowed);
        peer.Hostinfo = HostinfoView.ForPeers(node.Hostinfo);
        peer.Online = node.Online;
        peer.LastSeen = node.Online ? null : node.LastSeen;
        peer.Expired = node.Expired;
        peer.MachineAuthorized = true;
        peer.CapMap = tailnet.Access.PeerCaps(node.Id) is { Count: > 0 } caps ? ToMap(caps) : null;
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

    // Without ssh `tailscale up --ssh` is refused, without file-sharing Taildrop is.
    static SortedDictionary<string, IReadOnlyList<JsonElement>?> SelfCaps(Tailnet tailnet, NodeRecord node)
    {
        SortedDictionary<string, IReadOnlyList<JsonElement>?> caps = ToMap(tailnet.Access.SelfCaps(node.Id));
        caps[Caps + "file-sharing"] = null;
        caps[Caps + "ssh"] = null;
        UserRole role = tailnet.Users.TryGetValue(node.UserId, out UserRecord? user) ? user.Role : UserRole.Member;
        if (role != UserRole.Member)
        {
            caps[Caps + "is-admin"] = null;
        }

        if (role == UserRole.Owner)
        {
            caps[Caps + "is-owner"] = null;
        }

        return caps;
    }

    static SortedDictionary<string, IReadOnlyList<JsonElement>?> ToMap(IReadOnlyList<string> names)
    {
        SortedDictionary<string, IReadOnlyList<JsonElement>?> map = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            map[name] = null;
        }

        return map;
    }

    static IPNetwork[] Own(NodeRecord node) => [new(AddressPlan.IPv4(node.AddressIndex), 32), new(AddressPlan.IPv6(node.AddressIndex), 128)];

    Node Common(Tailnet tailnet, NodeRecord node, IReadOnlyList<IPNetwork> allowed)
    {
        string[] allowedText = [.. allowed.Select(a => a.ToString())];
        string[] primary = [.. allowed.Where(r => !RouteList.IsExit(r) && !RouteList.IsOwn(r)).Select(r => r.ToString())];
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
            Addresses = allowed.Count == 2 ? allowedText : [.. Own(node).Select(a => a.ToString())],
            AllowedIPs = allowedText,
            HomeDERP = node.Hostinfo.NetInfo?.PreferredDERP ?? 0,
            Created = node.Created,
            Cap = node.Version,
            Tags = node.Tags.IsEmpty ? null : node.Tags,
            PrimaryRoutes = primary.Length == 0 ? null : primary,
        };
    }
}
