using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>The policy in force.</summary>
internal sealed record PolicyDto
{
    public required string Id { get; init; }

    public required string Text { get; init; }

    public DateTimeOffset? Created { get; init; }

    public string? Author { get; init; }
}

/// <summary>Body of <c>PUT /api/v1/policy</c> and <c>POST /api/v1/policy/test</c>.</summary>
internal sealed record PolicyTextDto
{
    public required string Text { get; init; }
}

/// <summary>Answer to <c>POST /api/v1/policy/test</c>.</summary>
internal sealed record PolicyTestDto
{
    public bool Good { get; init; }

    public required IReadOnlyList<PolicyErrorDto> Errors { get; init; }
}

/// <summary>One fault of a policy text, and where it is.</summary>
internal sealed record PolicyErrorDto
{
    public int Line { get; init; }

    public int Column { get; init; }

    public required string Message { get; init; }
}

/// <summary>The problem of a policy that was not taken: problem details (RFC 9457) with the faults of the text.</summary>
internal sealed record PolicyProblemDto
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public int Status { get; init; }

    public string? Detail { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public string? Next { get; init; }

    public required IReadOnlyList<PolicyErrorDto> Errors { get; init; }
}
