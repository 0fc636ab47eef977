using System;
using System.Linq;

namespace MeshIoT.Coordinator;

/// <summary>A node as the administration shows it.</summary>
internal static class NodeDtos
{
    public static NodeDto Of(NodeRecord node, Tailnet tailnet, string baseDomain, DateTimeOffset now) => new()
    {
        Id = node.StableId,
        Name = $"{node.Label}.{baseDomain}",
        HostName = node.Hostinfo.Hostname,
        User = AdminContext.LoginOf(tailnet, node.UserId),
        Addresses = [AddressPlan.IPv4(node.AddressIndex).ToString(), AddressPlan.IPv6(node.AddressIndex).ToString()],
        Tags = node.Tags,
        Endpoints = node.Endpoints,
        NodeKey = node.NodeKey.ToString(),
        MachineKey = node.Machine.ToString(),
        Online = node.Online,
        Approved = node.Approved,
        Ephemeral = node.Ephemeral,
        Renamed = node.Renamed,
        Os = node.Hostinfo.OS,
        ClientVersion = node.Hostinfo.IPNVersion,
        Version = node.Version,
        AuthKey = node.AuthKeyId == 0 ? null : Lookup.Id('k', node.AuthKeyId),
        AnnouncedRoutes = [.. node.Announced.Select(p => p.ToString())],
        ApprovedRoutes = [.. node.ApprovedRoutes.Select(p => p.ToString())],
        Created = node.Created,
        LastSeen = node.Online ? null : node.LastSeen,
        Expires = node.KeyExpiry,
        Expired = node.IsExpired(now),
    };
}
