using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>POST /localapi/v0/netcheck</c>; nothing can be chosen yet.</summary>
public sealed record NetCheckRequestDto;

/// <summary>What a check of the network found: <c>POST /localapi/v0/netcheck</c> runs one. Latencies are milliseconds.</summary>
public sealed record NetCheckDto
{
    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>UDP gets through to a relay.</summary>
    public bool Udp { get; init; }

    /// <summary>IPv4 reaches a relay.</summary>
    public bool Ipv4 { get; init; }

    /// <summary>IPv6 reaches a relay.</summary>
    public bool Ipv6 { get; init; }

    /// <summary>This node over IPv4, as relays see it, <c>ip:port</c>, the most often seen first.</summary>
    public IReadOnlyList<string> GlobalV4 { get; init; } = [];

    /// <summary>The same over IPv6.</summary>
    public IReadOnlyList<string> GlobalV6 { get; init; } = [];

    /// <summary>The NAT maps each destination anew ("hard"): direct paths come about only with peers that are easier to reach. Absent: not known.</summary>
    public bool? MappingVariesByDestIp { get; init; }

    /// <summary>What the router offers, and whether a mapping is in place.</summary>
    public required PortMappingDto PortMapping { get; init; }

    /// <summary>The nearest relay; absent: none answers.</summary>
    public RelayDto? Nearest { get; init; }

    /// <summary>The home relay that follows.</summary>
    public RelayDto? Home { get; init; }

    /// <summary>Relays that were asked, the nearest first.</summary>
    public IReadOnlyList<RegionLatencyDto> Regions { get; init; } = [];

    /// <summary>Answers that were not believed: nobody had asked, or they named impossible addresses.</summary>
    public int IgnoredResponses { get; init; }
}

/// <summary>Port mapping at the router. What is absent was not asked.</summary>
public sealed record PortMappingDto
{
    /// <summary>A mapping is in place.</summary>
    public bool Held { get; init; }

    /// <summary>The router speaks UPnP.</summary>
    public bool? Upnp { get; init; }

    /// <summary>The router speaks NAT-PMP.</summary>
    public bool? NatPmp { get; init; }

    /// <summary>The router speaks PCP.</summary>
    public bool? Pcp { get; init; }
}

/// <summary>How far a relay region is; what is absent was not measured or did not answer.</summary>
/// <param name="Region">Its number.</param>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name for people.</param>
public sealed record RegionLatencyDto(int Region, string Code, string Name)
{
    /// <summary>The shortest of the others.</summary>
    public double? Latency { get; init; }

    /// <summary>Over UDP and IPv4.</summary>
    public double? V4 { get; init; }

    /// <summary>Over UDP and IPv6.</summary>
    public double? V6 { get; init; }

    /// <summary>Over HTTPS, measured only where UDP does not get through.</summary>
    public double? Https { get; init; }
}
