using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>What a node says about itself, in a registration or a map request, cut down to what is kept.</summary>
/// <param name="Version">Its capability version.</param>
/// <param name="DiscoKey">Zero: not told.</param>
/// <param name="Hostinfo">Null: not told.</param>
/// <param name="Endpoints">Default: not told.</param>
internal readonly record struct NodeReport(int Version, DiscoPublicKey DiscoKey, Hostinfo? Hostinfo, ImmutableArray<string> Endpoints)
{
    const int MaxEndpoints = 64, MaxHostinfoBytes = 64 * 1024;

    /// <summary>True when <paramref name="hostinfo"/> is larger than the coordinator keeps.</summary>
    public static bool IsTooLarge(Hostinfo? hostinfo) =>
        hostinfo is not null && JsonSerializer.SerializeToUtf8Bytes(hostinfo, TailcfgJson.Default.Hostinfo).Length > MaxHostinfoBytes;

    /// <summary>
    /// The endpoints that are worth telling others: at most 64, addresses and ports that can be dialled, neither link-local nor multicast.
    /// </summary>
    public static ImmutableArray<string> Dialable(IReadOnlyList<string> told)
    {
        ImmutableArray<string>.Builder kept = ImmutableArray.CreateBuilder<string>();
        foreach (string text in told)
        {
            if (kept.Count < MaxEndpoints && IsDialable(text) && !kept.Contains(text))
            {
                kept.Add(text);
            }
        }

        return kept.ToImmutable();
    }

    /// <summary><paramref name="node"/> with this report taken in, and what netmaps show of it. The same instance when nothing is new.</summary>
    public (NodeRecord Node, Show Show) ApplyTo(NodeRecord node, Tailnet tailnet)
    {
        Show show = Show.Nobody;
        NodeRecord next = node;
        if (Version != node.Version)
        {
            (next, show) = (next with { Version = Version }, show | Show.Peers);
        }

        if (!DiscoKey.IsZero && DiscoKey != node.DiscoKey)
        {
            (next, show) = (next with { DiscoKey = DiscoKey }, show | Show.Peers);
        }

        if (!Endpoints.IsDefault && !Endpoints.AsSpan().SequenceEqual(node.Endpoints.AsSpan()))
        {
            (next, show) = (next with { Endpoints = Endpoints }, show | Show.Peers);
        }

        return Hostinfo is null ? (next, show) : ApplyHostinfo(next, show, tailnet);
    }

    (NodeRecord Node, Show Show) ApplyHostinfo(NodeRecord node, Show show, Tailnet tailnet)
    {
        // A report without NetInfo leaves the last one standing.
        Hostinfo told = Hostinfo!.NetInfo is null ? Hostinfo with { NetInfo = node.Hostinfo.NetInfo } : Hostinfo;
        if (Text(told) == Text(node.Hostinfo))
        {
            return (node, show);
        }

        if (Text(HostinfoView.ForPeers(told)) != Text(HostinfoView.ForPeers(node.Hostinfo)) || told.NetInfo?.PreferredDERP != node.Hostinfo.NetInfo?.PreferredDERP)
        {
            show |= Show.Peers;
        }

        string label = node.Label;
        if (HostnameLabel.Of(told.Hostname) != HostnameLabel.Of(node.Hostinfo.Hostname))
        {
            label = HostnameLabel.Distinct(HostnameLabel.Of(told.Hostname), l => !tailnet.Labels.TryGetValue(l, out long id) || id == node.Id);
            show = Show.Everybody;
        }

        return (node with { Hostinfo = told, Label = label }, show);
    }

    static string Text(Hostinfo hostinfo) => JsonSerializer.Serialize(hostinfo, TailcfgJson.Default.Hostinfo);

    static bool IsDialable(string? text)
    {
        if (text is null || text.Length > 64 || text.Contains('%', StringComparison.Ordinal) || !IPEndPoint.TryParse(text, out IPEndPoint? endpoint) || endpoint.Port == 0)
        {
            return false;
        }

        IPAddress address = endpoint.Address;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);
        }

        byte first = address.GetAddressBytes()[0];
        return first is not 0 and < 224;
    }
}
