using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>A user.</summary>
internal sealed record UserDto
{
    public required string Id { get; init; }

    public required string Login { get; init; }

    public required string DisplayName { get; init; }

    public required string Role { get; init; }

    public long Nodes { get; init; }

    public DateTimeOffset Created { get; init; }
}

/// <summary>Body of <c>GET /api/v1/users</c>.</summary>
internal sealed record UserListDto(IReadOnlyList<UserDto> Users, string? NextCursor = null);

/// <summary>Body of <c>POST /api/v1/users</c>.</summary>
internal sealed record CreateUserDto
{
    public required string Login { get; init; }

    public string? DisplayName { get; init; }

    public string? Role { get; init; }
}

/// <summary>Body of <c>PATCH /api/v1/users/{user}</c>: what is absent stays.</summary>
internal sealed record PatchUserDto
{
    public string? Login { get; init; }

    public string? DisplayName { get; init; }

    public string? Role { get; init; }
}

/// <summary>Answer to <c>POST /api/v1/users/{user}/login-codes</c>: shown this once.</summary>
internal sealed record LoginCodeDto
{
    public required string Code { get; init; }

    public required string User { get; init; }

    public DateTimeOffset Expires { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"login code of {User} [redacted]";
}
