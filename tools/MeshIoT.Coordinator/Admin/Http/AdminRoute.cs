using System;
using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>One operation of the administration: what is served, and what the OpenAPI document says about it.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">From the root; a segment in braces is a parameter.</param>
/// <param name="Operation">The operation's name for generated clients, unique.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Access">Who may call it.</param>
/// <param name="Handle">Does it, or throws a <see cref="Health.FaultException"/>.</param>
internal sealed record AdminRoute(string Method, string Path, string Operation, string Summary, RouteAccess Access, Func<AdminCall, Task> Handle)
{
    /// <summary>The body's contract; null: it takes none.</summary>
    public JsonTypeInfo? Request { get; init; }

    /// <summary>The answer's contract; null: it has no body, or one that is not JSON.</summary>
    public JsonTypeInfo? Response { get; init; }

    /// <summary>Status of the answer when all went well.</summary>
    public int Success { get; init; } = 200;

    /// <summary>Query parameters.</summary>
    public ImmutableArray<QueryParameter> Query { get; init; } = [];

    /// <summary>A body as JSON text, valid under <see cref="Request"/>.</summary>
    public string? RequestExample { get; init; }

    /// <summary>An answer as JSON text, valid under <see cref="Response"/>.</summary>
    public string? ResponseExample { get; init; }

    /// <summary>Faults beyond those that every operation can have, as statuses.</summary>
    public ImmutableArray<int> Problems { get; init; } = [];

    /// <summary>True when it takes an <c>If-Match</c> header with the version that the caller started from.</summary>
    public bool IfMatch { get; init; }
}

/// <summary>One query parameter.</summary>
/// <param name="Name">Its name, in camelCase.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Description">What it does.</param>
internal sealed record QueryParameter(string Name, string Type, string Description)
{
    /// <summary>How many entries a page has at most.</summary>
    public static readonly QueryParameter Limit = new("limit", "integer", "Entries in the answer, 1 to 1000.");

    /// <summary>Where the next page starts.</summary>
    public static readonly QueryParameter Cursor = new("cursor", "string", "The nextCursor of the page before.");
}

/// <summary>Who may call an operation.</summary>
/// <param name="Scope">The scope that a token must have; null: any token will do.</param>
/// <param name="IsPublic">True: also without a token.</param>
internal readonly record struct RouteAccess(string? Scope, bool IsPublic = false)
{
    /// <summary>Everybody who reaches the door.</summary>
    public static readonly RouteAccess Public = new(null, true);

    /// <summary>Any valid token.</summary>
    public static readonly RouteAccess AnyToken = new(null);
}
