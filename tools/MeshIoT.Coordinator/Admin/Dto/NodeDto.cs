using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>One node of the registry.</summary>
internal sealed record NodeDto
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? HostName { get; init; }

    public string? User { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required IReadOnlyList<string> Endpoints { get; init; }

    public required string NodeKey { get; init; }

    public required string MachineKey { get; init; }

    public bool Online { get; init; }

    public bool Approved { get; init; }

    public bool Ephemeral { get; init; }

    public bool Renamed { get; init; }

    public string? Os { get; init; }

    public string? ClientVersion { get; init; }

    public int Version { get; init; }

    public string? AuthKey { get; init; }

    public IReadOnlyList<string> AnnouncedRoutes { get; init; } = [];

    public IReadOnlyList<string> ApprovedRoutes { get; init; } = [];

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public bool Expired { get; init; }
}

/// <summary>Body of <c>GET /api/v1/nodes</c>.</summary>
internal sealed record NodeListDto(IReadOnlyList<NodeDto> Nodes, string? NextCursor = null);

/// <summary>Body of <c>PATCH /api/v1/nodes/{node}</c>: what is absent stays.</summary>
internal sealed record PatchNodeDto
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public string? User { get; init; }
}

/// <summary>Body of <c>PUT /api/v1/nodes/{node}/expiry</c>: exactly one of the three.</summary>
internal sealed record NodeExpiryDto
{
    public DateTimeOffset? Expires { get; init; }

    public long? ExpirySeconds { get; init; }

    public bool? Never { get; init; }
}
