using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>Body of <c>POST /api/v1/keys</c>.</summary>
internal sealed record CreateKeyDto
{
    public bool Reusable { get; init; }

    public bool Ephemeral { get; init; }

    /// <summary>Absent or 0: 24 hours.</summary>
    public long? ExpirySeconds { get; init; }

    public IReadOnlyList<string?>? Tags { get; init; }

    public string? Description { get; init; }
}

/// <summary>An auth key; <see cref="Key"/> and <see cref="Claim"/> only in the answer that creates it.</summary>
internal sealed record KeyDto
{
    public required string Id { get; init; }

    /// <summary>The auth key: 24 characters.</summary>
    public string? Key { get; init; }

    /// <summary>The text for a QR code: server, auth key and server pin; the key in groups where the server has no address to print.</summary>
    public string? Claim { get; init; }

    public bool Reusable { get; init; }

    public bool Ephemeral { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Expires { get; init; }

    /// <summary>How many nodes it has admitted.</summary>
    public long Uses { get; init; }

    /// <summary>When it last admitted one.</summary>
    public DateTimeOffset? Used { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"key {Id} [redacted]";
}

/// <summary>Body of <c>GET /api/v1/keys</c>.</summary>
internal sealed record KeyListDto(IReadOnlyList<KeyDto> Keys);

/// <summary>One node of the registry.</summary>
internal sealed record NodeDto
{
    public required string Id { get; init; }

    /// <summary>Full name, without a dot at its end.</summary>
    public required string Name { get; init; }

    public string? HostName { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required IReadOnlyList<string> Endpoints { get; init; }

    public required string NodeKey { get; init; }

    public required string MachineKey { get; init; }

    public bool Online { get; init; }

    public bool Ephemeral { get; init; }

    public string? Os { get; init; }

    /// <summary>The capability version of its last request.</summary>
    public int Version { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Absent while it is online.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>When its key expires; absent: never.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Body of <c>GET /api/v1/nodes</c>.</summary>
internal sealed record NodeListDto(IReadOnlyList<NodeDto> Nodes);

/// <summary>Body of <c>GET /api/v1/server</c>.</summary>
internal sealed record ServerDto
{
    /// <summary>What nodes log in at; absent when the server was not told.</summary>
    public string? LoginServer { get; init; }

    public required string ServerKey { get; init; }

    /// <summary>16 characters by which a device recognises the server key.</summary>
    public required string Pin { get; init; }

    public required string BaseDomain { get; init; }

    public required string Version { get; init; }
}
