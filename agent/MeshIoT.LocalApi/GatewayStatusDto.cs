using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>A gateway's state for whoever reaches it: <c>GET /api/v1/status</c>.</summary>
public sealed record GatewayStatusDto
{
    /// <summary>Host name of the gateway.</summary>
    public required string Gateway { get; init; }

    /// <summary>Version of the agent.</summary>
    public required string Version { get; init; }

    /// <summary>The gateway's clock, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the agent started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>As in the agent's own status: Running, Stopped …; absent without a tailnet.</summary>
    public string? BackendState { get; init; }

    /// <summary>Whether the coordinator is connected now.</summary>
    public bool CoordinatorConnected { get; init; }

    /// <summary>Full name in the tailnet; absent before it has one.</summary>
    public string? Name { get; init; }

    /// <summary>Tailnet addresses.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>When its key expires; absent: never, or not known.</summary>
    public DateTimeOffset? KeyExpiry { get; init; }

    /// <summary>The relay by which it is reached when there is no direct path.</summary>
    public RelayDto? HomeRelay { get; init; }

    /// <summary>Whether UDP gets through to a relay; absent: not known yet.</summary>
    public bool? Udp { get; init; }

    /// <summary>Nodes it may know, by name; at most 500.</summary>
    public IReadOnlyList<NodeDto> Peers { get; init; } = [];

    /// <summary>How many there are.</summary>
    public int PeersTotal { get; init; }

    /// <summary>What is wrong now.</summary>
    public IReadOnlyList<FaultDto> Health { get; init; } = [];

    /// <summary>Who asks, as the gateway sees it.</summary>
    public required ViewerDto Viewer { get; init; }
}

/// <summary>Whoever asks a gateway.</summary>
/// <param name="Door">"tailnet" (WireGuard has proved the address), "outside" or "local".</param>
/// <param name="CanSwitch">Whether it may set outputs.</param>
public sealed record ViewerDto(string Door, bool CanSwitch)
{
    /// <summary>The address it asks from; absent on the local socket.</summary>
    public string? Address { get; init; }

    /// <summary>Name of its node; absent: not a node of the tailnet.</summary>
    public string? Name { get; init; }

    /// <summary>"direct", "relay" or "-".</summary>
    public string? Path { get; init; }

    /// <summary>Code of the relay region, while the path is "relay".</summary>
    public string? Relay { get; init; }
}

/// <summary>What is wrong now: the event <c>health</c> of <c>GET /api/v1/events</c>.</summary>
/// <param name="Health">All of it, the worst first; empty when all is well.</param>
public sealed record HealthDto(IReadOnlyList<FaultDto> Health);
