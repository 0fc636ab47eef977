using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>A machine that waits for a person to let it in.</summary>
internal sealed record LoginDto
{
    public required string Id { get; init; }

    public required string HostName { get; init; }

    public required string Os { get; init; }

    public required string Address { get; init; }

    public required string Machine { get; init; }

    public required IReadOnlyList<string> RequestedTags { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Expires { get; init; }
}

/// <summary>Body of <c>GET /api/v1/logins</c>.</summary>
internal sealed record LoginListDto(IReadOnlyList<LoginDto> Logins);

/// <summary>Body of <c>POST /api/v1/logins/{login}/approve</c>.</summary>
internal sealed record ApproveLoginDto
{
    public string? User { get; init; }
}
