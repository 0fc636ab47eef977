using System;
using System.Collections.Generic;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>A node as netmaps show it: to itself, and to its peers.</summary>
internal sealed class NodeView(string baseDomain, Owner user)
{
    // Without the first `tailscale up --ssh` is refused, without the second Taildrop is.
    static readonly Dictionary<string, IReadOnlyList<JsonElement>?> SelfCapabilities = new()
    {
        ["https://tailscale.com/cap/file-sharing"] = null,
        ["https://tailscale.com/cap/ssh"] = null,
    };

    public Node ToSelf(NodeRecord node, DateTimeOffset now)
    {
        Node self = Common(node, now);
        self.CapMap = SelfCapabilities;
        self.Online = true;
        self.Hostinfo = node.Hostinfo;
        return self;
    }

    public Node ToPeer(NodeRecord node, DateTimeOffset now)
    {
        Node peer = Common(node, now);
        peer.Hostinfo = HostinfoView.ForPeers(node.Hostinfo);
        peer.Online = node.Online;
        peer.LastSeen = node.Online ? null : node.LastSeen;
        peer.Expired = node.IsExpired(now);
        return peer;
    }

    public string NameOf(NodeRecord node) => $"{node.Label}.{baseDomain}";

    public Owner OwnerOf(NodeRecord node) => node.Tags.IsEmpty ? user : Owner.TaggedDevices;

    Node Common(NodeRecord node, DateTimeOffset now)
    {
        string[] addresses = [AddressPlan.IPv4(node.AddressIndex) + "/32", AddressPlan.IPv6(node.AddressIndex) + "/128"];
        return new Node
        {
            ID = node.Id,
            StableID = node.StableId,
            Name = NameOf(node) + ".",
            User = OwnerOf(node).Id,
            Key = node.NodeKey,
            KeyExpiry = node.KeyExpiry,
            Machine = node.Machine,
            DiscoKey = node.DiscoKey,
            Addresses = addresses,
            AllowedIPs = addresses,
            Endpoints = node.Endpoints.IsEmpty ? null : node.Endpoints,
            HomeDERP = node.Hostinfo.NetInfo?.PreferredDERP ?? 0,
            Created = node.Created,
            Cap = node.Version,
            Tags = node.Tags.IsEmpty ? null : node.Tags,
            MachineAuthorized = true,
        };
    }
}
