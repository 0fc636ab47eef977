using System;
using System.Collections.Generic;

namespace MeshIoT.Web.Http;

/// <summary>One request, its head checked and its body complete.</summary>
public sealed class HttpRequest
{
    /// <summary>GET, HEAD, POST …; upper case, at most 16 characters.</summary>
    public required string Method { get; init; }

    /// <summary>Path without the query, percent-decoded, beginning with a slash; holds no control characters.</summary>
    public required string Path { get; init; }

    /// <summary>The query's parameters, percent-decoded; of two with one name the last counts.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>The Host header, or "" (HTTP/1.0).</summary>
    public required string Host { get; init; }

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Length of the body that follows the head, 0 to <see cref="HttpRequestParser.MaxBody"/> bytes.</summary>
    public int ContentLength { get; init; }

    /// <summary>Whether the client wants to send more requests on this connection.</summary>
    public bool KeepAlive { get; init; }
}
