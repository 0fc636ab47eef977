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
/// <param name="Mapped">Those of <paramref name="Endpoints"/> that are only a NAT's mapping, as a STUN server saw it.</param>
internal readonly record struct NodeReport(
    int Version, DiscoPublicKey DiscoKey, Hostinfo? Hostinfo, ImmutableArray<string> Endpoints, ImmutableHashSet<string>? Mapped = null)
{
    /// <summary>How long a changed NAT mapping alone is kept from peers after the last one was told: they find it by disco sooner.</summary>
    public static readonly TimeSpan MappingPause = TimeSpan.FromSeconds(60);

    const int MaxEndpoints = 64, MaxHostinfoBytes = 64 * 1024;

    /// <summary>True when <paramref name="hostinfo"/> is larger than the coordinator keeps.</summary>
    public static bool IsTooLarge(Hostinfo? hostinfo) => SizeOf(hostinfo) > MaxHostinfoBytes;

    /// <summary>Bytes of its JSON.</summary>
    public static int SizeOf(Hostinfo? hostinfo) =>
        hostinfo is null ? 0 : JsonSerializer.SerializeToUtf8Bytes(hostinfo, TailcfgJson.Default.Hostinfo).Length;

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

    /// <summary>Which of the <paramref name="endpoints"/> are a NAT's mapping: types 2 and 4 of control-plane.md section 5.1.</summary>
    public static ImmutableHashSet<string> MappedOnes(IReadOnlyList<string> endpoints, IReadOnlyList<int>? types)
    {
        ImmutableHashSet<string>.Builder mapped = ImmutableHashSet.CreateBuilder<string>();
        for (int i = 0; i < Math.Min(Math.Min(endpoints.Count, types?.Count ?? 0), MaxEndpoints); i++)
        {
            if (types![i] is (int)EndpointType.Stun or (int)EndpointType.Stun4LocalPort)
            {
                mapped.Add(endpoints[i]);
            }
        }

        return mapped.ToImmutable();
    }

    /// <summary><paramref name="node"/> with this report taken in at <paramref name="now"/>, and whether netmaps show it. The same instance when nothing is new.</summary>
    public (NodeRecord Node, Show Show) ApplyTo(NodeRecord node, Tailnet tailnet, DateTimeOffset now)
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
            next = next with { Endpoints = Endpoints };
            if (!IsMappingChurn(node, now))
            {
                (next, show) = (next with { ShownEndpoints = Endpoints, ShownEndpointsAt = now }, show | Show.Peers);
            }
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

        show |= Show.Self;
        string label = node.Label;
        if (!node.Renamed && HostnameLabel.Of(told.Hostname) != HostnameLabel.Of(node.Hostinfo.Hostname))
        {
            label = HostnameLabel.Distinct(HostnameLabel.Of(told.Hostname), l => !tailnet.Labels.TryGetValue(l, out long id) || id == node.Id);
        }

        return (node with { Hostinfo = told, Label = label }, show);
    }

    // Mappings came in place of public addresses, nothing else did, and peers were told something a moment ago. A mapping that comes in
    // nobody's place is the first one, and peers wait for it.
    bool IsMappingChurn(NodeRecord node, DateTimeOffset now)
    {
        if (Mapped is not { Count: > 0 } mapped || now - node.ShownEndpointsAt >= MappingPause)
        {
            return false;
        }

        foreach (string added in Endpoints)
        {
            if (!node.ShownEndpoints.Contains(added) && !mapped.Contains(added))
            {
                return false;
            }
        }

        bool replaces = false;
        foreach (string gone in node.ShownEndpoints)
        {
            if (!Endpoints.Contains(gone))
            {
                if (IsPrivate(gone))
                {
                    return false;
                }

                replaces = true;
            }
        }

        return replaces;
    }

    static bool IsPrivate(string endpoint)
    {
        byte[] b = IPEndPoint.TryParse(endpoint, out IPEndPoint? parsed) ? parsed.Address.GetAddressBytes() : [];
        return b.Length == 4 ? b[0] is 10 or 127 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254)
            : b.Length != 16 || (b[0] & 0xfe) == 0xfc || b[0] == 0xfe;
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
