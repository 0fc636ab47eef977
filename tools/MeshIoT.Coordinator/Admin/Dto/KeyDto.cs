using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>Body of <c>POST /api/v1/keys</c>.</summary>
internal sealed record CreateKeyDto
{
    public bool Reusable { get; init; }

    public bool Ephemeral { get; init; }

    public long? ExpirySeconds { get; init; }

    public IReadOnlyList<string?>? Tags { get; init; }

    public string? Description { get; init; }

    public string? User { get; init; }

    public bool? Preapproved { get; init; }
}

/// <summary>An auth key; <see cref="Key"/> and <see cref="Claim"/> only in the answer that creates it.</summary>
internal sealed record KeyDto
{
    public required string Id { get; init; }

    public string? Key { get; init; }

    public string? Claim { get; init; }

    public bool Reusable { get; init; }

    public bool Ephemeral { get; init; }

    public bool Preapproved { get; init; }

    public string? User { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Expires { get; init; }

    public long Uses { get; init; }

    public DateTimeOffset? Used { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"key {Id} [redacted]";
}

/// <summary>Body of <c>GET /api/v1/keys</c>.</summary>
internal sealed record KeyListDto(IReadOnlyList<KeyDto> Keys, string? NextCursor = null);
