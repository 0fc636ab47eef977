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

    /// <summary>The header fields that this server knows.</summary>
    public HttpFields Fields { get; init; } = HttpFields.For(isHttp11: true);

    /// <summary>The Host header, or "" (HTTP/1.0).</summary>
    public string Host => Fields.Host;

    /// <summary>Length of the body that follows the head, 0 to <see cref="HttpRequestParser.MaxBody"/> bytes.</summary>
    public int ContentLength => Fields.ContentLength;

    /// <summary>Whether the client wants to send more requests on this connection.</summary>
    public bool KeepAlive => Fields.KeepAlive;

    /// <summary>Whether the client speaks HTTP/1.1, and so knows chunks.</summary>
    public bool IsHttp11 { get; init; }

    /// <summary>Who asks.</summary>
    public HttpCaller Caller { get; set; }

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }
}
