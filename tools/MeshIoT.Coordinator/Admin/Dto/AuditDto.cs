using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>One line of the audit log.</summary>
internal sealed record AuditDto
{
    public required string Id { get; init; }

    public DateTimeOffset Time { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required string Target { get; init; }

    public string? Detail { get; init; }
}

/// <summary>Body of <c>GET /api/v1/audit</c>.</summary>
internal sealed record AuditListDto(IReadOnlyList<AuditDto> Entries, string? NextCursor = null);
