using MeshIoT.Health;

namespace MeshIoT.LocalApi;

/// <summary>
/// The error body of every MeshIoT REST interface: problem details (RFC 9457), media type <c>application/problem+json</c>,
/// with the catalogue's three fields as extension members.
/// </summary>
public sealed record ProblemDto
{
    /// <summary>A URI reference that ends in the fault's code.</summary>
    public required string Type { get; init; }

    /// <summary>The sentence.</summary>
    public required string Title { get; init; }

    /// <summary>HTTP status code.</summary>
    public int Status { get; init; }

    /// <summary>The next step, in words.</summary>
    public string? Detail { get; init; }

    /// <summary>The fault's code.</summary>
    public string? Code { get; init; }

    /// <summary>What happened and why.</summary>
    public string? Message { get; init; }

    /// <summary>The next step.</summary>
    public string? Next { get; init; }

    /// <summary>Makes the body for a fault that has happened.</summary>
    public static ProblemDto From(FaultReport report, int status) => new()
    {
        Type = "urn:meshiot:fault:" + report.Fault.Code,
        Title = report.Message,
        Status = status,
        Detail = report.Next,
        Code = report.Fault.Code,
        Message = report.Message,
        Next = report.Next,
    };

    /// <summary>The HTTP status that says what the exit code says.</summary>
    public static int StatusFor(int exitCode) => exitCode switch
    {
        ExitCodes.Usage => 400,
        ExitCodes.Refused => 403,
        ExitCodes.NotFound => 404,
        ExitCodes.TimedOut => 504,
        ExitCodes.Unreachable => 502,
        _ => 500,
    };

    /// <summary>The exit code a command-line program ends with when it is given this answer.</summary>
    public static int ExitCodeFor(int status) => status switch
    {
        400 or 405 or 411 or 413 or 415 or 422 => ExitCodes.Usage,
        401 or 403 or 429 => ExitCodes.Refused,
        404 => ExitCodes.NotFound,
        504 or 408 => ExitCodes.TimedOut,
        502 or 503 => ExitCodes.Unreachable,
        _ => ExitCodes.Failed,
    };
}
