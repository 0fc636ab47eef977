using System;
using System.Collections.Generic;

namespace MeshIoT.Cli.Coordinator;

/// <summary>Body of <c>POST /api/v1/keys</c>.</summary>
internal sealed record CreateKeyDto(bool Reusable, bool Ephemeral, long? ExpirySeconds, IReadOnlyList<string> Tags, string? Description);

/// <summary>An auth key; <see cref="Key"/> and <see cref="Claim"/> only in the answer that creates it.</summary>
internal sealed record KeyDto
{
    public required string Id { get; init; }

    public string? Key { get; init; }

    public string? Claim { get; init; }

    public bool Reusable { get; init; }

    public bool Ephemeral { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Description { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? Used { get; init; }

    public override string ToString() => $"key {Id} [redacted]";
}

/// <summary>Body of <c>GET /api/v1/keys</c>.</summary>
internal sealed record KeyListDto(IReadOnlyList<KeyDto> Keys);

/// <summary>One node in the coordinator's registry.</summary>
internal sealed record CoordinatorNodeDto
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? HostName { get; init; }

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Endpoints { get; init; } = [];

    public bool Online { get; init; }

    public string? Os { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Body of <c>GET /api/v1/nodes</c>.</summary>
internal sealed record CoordinatorNodeListDto(IReadOnlyList<CoordinatorNodeDto> Nodes);
