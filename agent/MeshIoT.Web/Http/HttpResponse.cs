using System;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Web.Http;

/// <summary>An answer whose body is in memory.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record HttpResponse(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
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

    /// <summary>The head as it goes on the wire (RFC 9112 section 4), with headers that keep a browser strict.</summary>
    internal byte[] Head(bool keepAlive) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"HTTP/1.1 {Status} {Reason(Status)}\r\nContent-Type: {ContentType}\r\nContent-Length: {Body.Length}\r\n"
        + $"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
        + $"Content-Security-Policy: default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'\r\n"
        + $"Connection: {(keepAlive ? "keep-alive" : "close")}\r\n\r\n"));

    static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        414 => "URI Too Long",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => status < 500 ? "Error" : "Internal Server Error",
    };
}
