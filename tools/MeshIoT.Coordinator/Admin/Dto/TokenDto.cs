using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>Body of <c>POST /api/v1/tokens</c>.</summary>
internal sealed record CreateTokenDto
{
    public required IReadOnlyList<string> Scopes { get; init; }

    public string? User { get; init; }

    public string? Description { get; init; }

    public long? ExpirySeconds { get; init; }
}

/// <summary>An API token; <see cref="Token"/> only in the answer that creates it.</summary>
internal sealed record TokenDto
{
    public required string Id { get; init; }

    public string? Token { get; init; }

    public required string User { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Expires { get; init; }

    public DateTimeOffset? LastUsed { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"token {Id} [redacted]";
}

/// <summary>Body of <c>GET /api/v1/tokens</c>.</summary>
internal sealed record TokenListDto(IReadOnlyList<TokenDto> Tokens, string? NextCursor = null);
