using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Paths.Endpoints;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Tailcfg;

namespace MeshIoT.Web;

/// <summary>What a node knows of its own network, in the LocalAPI's wire form.</summary>
public static class NetworkMapping
{
    /// <summary>A check of the network.</summary>
    public static NetCheckDto ToDto(NetCheckReport report)
    {
        List<RegionReport> regions = [.. report.Regions.OrderBy(static region => region.Latency ?? TimeSpan.MaxValue).ThenBy(static region => region.RegionId)];
        return new NetCheckDto
        {
            At = report.At,
            Udp = report.Udp,
            Ipv4 = report.IPv4,
            Ipv6 = report.IPv6,
            GlobalV4 = Texts(report.GlobalV4),
            GlobalV6 = Texts(report.GlobalV6),
            MappingVariesByDestIp = report.MappingVariesByDestIP,
            PortMapping = new PortMappingDto { Held = report.HavePortMap, Upnp = report.UPnP, NatPmp = report.Pmp, Pcp = report.Pcp },
            Nearest = regions.Count > 0 && regions[0].Latency is not null ? ToRelay(regions[0]) : null,
            Home = report.PreferredDerp == 0 ? null : ToRelay(regions.Find(region => region.RegionId == report.PreferredDerp) ?? Unnamed(report.PreferredDerp)),
            Regions = [.. regions.Select(ToDto)],
            IgnoredResponses = report.IgnoredResponses,
        };
    }

    /// <summary>What the status says of the network; null before the node runs.</summary>
    public static NetworkDto? ToDto(NodeStatus status) => status.Self.Addresses.Count == 0 ? null : new NetworkDto
    {
        UdpPort = status.UdpPort,
        HomeRelay = PathMapping.ToDto(status.HomeRelay),
        CheckedAt = status.NetCheck?.At,
        Udp = status.NetCheck?.Udp,
        MappingVariesByDestIp = status.NetCheck?.MappingVariesByDestIP,
        PortMapped = status.NetCheck?.HavePortMap,
        Endpoints = [.. status.Endpoints.Select(static own => new OwnEndpointDto(own.Address.ToString(), SourceOf(own.Type)))],
    };

    static string SourceOf(EndpointType type) => type switch
    {
        EndpointType.Local => "local",
        EndpointType.Stun => "stun",
        EndpointType.Portmapped => "portmapped",
        EndpointType.Stun4LocalPort => "stun4-local-port",
        EndpointType.ExplicitConfiguration => "explicit",
        _ => "-",
    };

    static RegionReport Unnamed(int region) => new(region, region.ToString(CultureInfo.InvariantCulture), "");

    static RelayDto ToRelay(RegionReport region) => new(region.RegionId, region.Code) { Name = region.Name.Length == 0 ? null : region.Name };

    static RegionLatencyDto ToDto(RegionReport region) => new(region.RegionId, region.Code, region.Name)
    {
        Latency = Milliseconds(region.Latency),
        V4 = Milliseconds(region.V4),
        V6 = Milliseconds(region.V6),
        Https = Milliseconds(region.Https),
    };

    static double? Milliseconds(TimeSpan? span) => span is { } time ? Math.Round(time.TotalMilliseconds, 3) : null;

    static string[] Texts(IReadOnlyList<IPEndPoint> endpoints) => [.. endpoints.Select(static endpoint => endpoint.ToString())];
}
