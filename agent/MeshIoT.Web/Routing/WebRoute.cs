using System;
using System.Collections.Generic;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Tasks;
using MeshIoT.Web.Http;

namespace MeshIoT.Web.Routing;

/// <summary>One operation of the gateway's interface: what is served, and what the OpenAPI document says about it.</summary>
/// <param name="Method">GET, PUT, POST or DELETE; GET answers HEAD too.</param>
/// <param name="Path">From the root; a segment in braces is a parameter.</param>
/// <param name="Operation">The operation's name for generated clients, unique.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Handle">Does it, or throws a <see cref="Health.FaultException"/>.</param>
public sealed record WebRoute(string Method, string Path, string Operation, string Summary, Func<WebCall, ValueTask<HttpResponse>> Handle)
{
    /// <summary>The body's contract; null: it takes none.</summary>
    public JsonTypeInfo? Request { get; init; }

    /// <summary>The answer's contract; null: it is not JSON.</summary>
    public JsonTypeInfo? Response { get; init; }

    /// <summary>Media type of an answer that is not JSON.</summary>
    public string ContentType { get; init; } = "text/plain";

    /// <summary>What more there is to say; empty: nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Query parameters.</summary>
    public IReadOnlyList<WebParameter> Query { get; init; } = [];

    /// <summary>Statuses of the faults it can have.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];
}

/// <summary>One query parameter.</summary>
/// <param name="Name">Its name, in camelCase.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Description">What it does.</param>
public sealed record WebParameter(string Name, string Type, string Description);
