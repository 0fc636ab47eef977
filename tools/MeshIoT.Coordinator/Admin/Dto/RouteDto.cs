using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>One prefix that a node announces, or may serve.</summary>
internal sealed record RouteDto
{
    public required string Node { get; init; }

    public required string NodeName { get; init; }

    public required string Prefix { get; init; }

    public bool Announced { get; init; }

    public bool Approved { get; init; }

    public bool Primary { get; init; }
}

/// <summary>Body of <c>GET /api/v1/routes</c>.</summary>
internal sealed record RouteListDto(IReadOnlyList<RouteDto> Routes, string? NextCursor = null);

/// <summary>Body of <c>POST /api/v1/routes/approve</c> and <c>unapprove</c>.</summary>
internal sealed record RouteChangeDto
{
    public required string Node { get; init; }

    public required string Prefix { get; init; }
}
