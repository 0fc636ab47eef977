using System;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Web.Http;

/// <summary>An answer: its body is in memory, or comes piece by piece (<see cref="Writer"/>).</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record HttpResponse(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>What a page may load and run: files of this server, nothing else, nothing written into the page itself.</summary>
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Writes the body while it comes about; null: it is <see cref="Body"/>. The connection is closed after it.</summary>
    public Func<HttpBody, CancellationToken, Task>? Writer { get; init; }

    /// <summary>Entity tag with its quotes; null: none.</summary>
    public string? ETag { get; init; }

    /// <summary>How long the answer is good for: a Cache-Control value.</summary>
    public string CacheControl { get; init; } = "no-store";

    /// <summary>Content-Encoding of the body; null: none. What has one depends on Accept-Encoding, and says so.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>Whether the answer would be another one for another Accept-Encoding.</summary>
    public bool VariesByEncoding { get; init; }

    /// <summary>Seconds after which to ask again; 0: not said.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>File name under which a browser saves it; null: it shows it. Only letters, digits, dots, hyphens and underscores.</summary>
    public string? FileName { get; init; }

    /// <summary>200 with <paramref name="value"/> as JSON.</summary>
    public static HttpResponse Json<T>(T value, JsonTypeInfo<T> type) =>
        new(200, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>A fault as problem details; the status follows from the fault's exit code unless given.</summary>
    public static HttpResponse Problem(FaultReport report, int? status = null)
    {
        int code = status ?? ProblemDto.StatusFor(report.Fault.ExitCode);
        return new(code, "application/problem+json",
            JsonSerializer.SerializeToUtf8Bytes(ProblemDto.From(report, code), LocalApiJson.Default.ProblemDto));
    }

    /// <summary>The head as it goes on the wire (RFC 9112 section 4), with fields that keep a browser strict.</summary>
    /// <param name="keepAlive">Whether another request may follow; never after a <see cref="Writer"/>.</param>
    /// <param name="isChunked">Whether the body comes in chunks.</param>
    internal byte[] Head(bool keepAlive, bool isChunked = false)
    {
        StringBuilder head = new(512);
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {Reason(Status)}\r\n");
        if (Status != 304)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        }

        if (isChunked)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (Writer is null && Status is not (204 or 304))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        }

        Add(head, "ETag", ETag);
        Add(head, "Content-Encoding", ContentEncoding);
        Add(head, "Vary", VariesByEncoding ? "Accept-Encoding" : null);
        Add(head, "Retry-After", RetryAfterSeconds > 0 ? RetryAfterSeconds.ToString(CultureInfo.InvariantCulture) : null);
        Add(head, "Content-Disposition", FileName is null ? null : $"attachment; filename=\"{FileName}\"");
        Add(head, "Cache-Control", CacheControl);
        Add(head, "X-Content-Type-Options", "nosniff");
        Add(head, "Referrer-Policy", "no-referrer");
        Add(head, "Content-Security-Policy", Policy);
        Add(head, "Connection", keepAlive ? "keep-alive" : "close");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    static void Add(StringBuilder head, string name, string? value)
    {
        if (value is not null)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }
    }

    static string Reason(int status) => status switch
    {
        200 => "OK",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => status < 500 ? "Error" : "Internal Server Error",
    };
}
