using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>The network this node is on, as the last check found it; part of the status.</summary>
public sealed record NetworkDto
{
    /// <summary>The UDP port in use.</summary>
    public int UdpPort { get; init; }

    /// <summary>The relay by which peers reach this node when there is no direct path; absent: none.</summary>
    public RelayDto? HomeRelay { get; init; }

    /// <summary>When the network was last checked; absent: not yet, and then what follows is not known.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>UDP gets through to a relay.</summary>
    public bool? Udp { get; init; }

    /// <summary>The NAT maps each destination anew ("hard").</summary>
    public bool? MappingVariesByDestIp { get; init; }

    /// <summary>A port mapping is in place.</summary>
    public bool? PortMapped { get; init; }

    /// <summary>Where peers are told to try to reach this node, the most promising first.</summary>
    public IReadOnlyList<OwnEndpointDto> Endpoints { get; init; } = [];
}

/// <summary>Where peers may reach this node.</summary>
/// <param name="Endpoint"><c>ip:port</c>.</param>
/// <param name="Source">"local", "stun", "portmapped", "stun4-local-port" or "explicit"; "-" when it is not known.</param>
public sealed record OwnEndpointDto(string Endpoint, string Source);
