using System;
using System.Globalization;
using System.Text;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>The relay's HTTP answers but for the upgrade's way on. data-plane.md sections 4.1 and 4.4.</summary>
internal static class Answers
{
    const int MaxChallenge = 64;

    const string Page =
        """
        <!doctype html><title>DERP relay</title><h1>DERP relay</h1>
        <p>Nodes of a tailnet reach each other here while they have no direct path. What passes through is sealed between them: the relay cannot read it.</p>

        """;

    /// <summary>101, with the four headers that clients look at.</summary>
    public static byte[] Switch(NodePublicKey key) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: {DerpUpgrade.Protocol}\r\nConnection: Upgrade\r\n{DerpUpgrade.VersionHeader}: {DerpUpgrade.Version}\r\n"
        + $"{DerpUpgrade.PublicKeyHeader}: {key.ToString()["nodekey:".Length..]}\r\n\r\n");

    /// <summary>The answer to a request that is no good upgrade.</summary>
    public static byte[] To(RequestHead request, BootstrapDns? bootstrap)
    {
        bool isRead = request.Method is "GET" or "HEAD";
        return (request.Path, isRead) switch
        {
            (DerpUpgrade.Path, _) => Plain(request, "426 Upgrade Required", "DERP requires connection upgrade\n", "Upgrade: DERP\r\nConnection: Upgrade\r\n"),
            ("/derp/probe" or "/derp/latency-check", true) => Plain(request, "200 OK", "", "Access-Control-Allow-Origin: *\r\n"),
            ("/derp/probe" or "/derp/latency-check", _) => Plain(request, "405 Method Not Allowed", "GET and HEAD only\n", "Allow: GET, HEAD\r\n"),
            ("/generate_204", _) => NoContent(request),
            ("/bootstrap-dns", true) when bootstrap is not null => Plain(request, "200 OK", bootstrap.Answer(request.Query), "", "application/json"),
            ("/robots.txt", true) => Plain(request, "200 OK", "User-agent: *\nDisallow: /\n", ""),
            ("/", true) => Plain(request, "200 OK", Page, "", "text/html; charset=utf-8"),
            _ => Plain(request, "404 Not Found", "there is nothing here\n", ""),
        };
    }

    /// <summary>The answer at the metrics door.</summary>
    public static byte[] Metrics(RequestHead request, string text) => request is { Method: "GET" or "HEAD", Path: "/metrics" }
        ? Plain(request, "200 OK", text, "", "text/plain; version=0.0.4")
        : Plain(request, "404 Not Found", "the figures are at /metrics\n", "");

    /// <summary>What is said to something that is no request before the connection ends.</summary>
    public static byte[] BadRequest() => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    static byte[] NoContent(RequestHead request)
    {
        string challenge = request.Challenge, echo = "";
        if (challenge.Length is > 0 and <= MaxChallenge && challenge.AsSpan().IndexOfAnyExcept(ChallengeCharacters) < 0)
        {
            echo = $"X-Tailscale-Response: response {challenge}\r\n";
        }

        return Encoding.ASCII.GetBytes($"HTTP/1.1 204 No Content\r\nCache-Control: no-cache, no-store, must-revalidate, no-transform, max-age=0\r\n{echo}{Ending(request)}\r\n");
    }

    static readonly System.Buffers.SearchValues<char> ChallengeCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:");

    static byte[] Plain(RequestHead request, string status, string body, string headers, string type = "text/plain; charset=utf-8") => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}{Ending(request)}\r\n")
        + (request.Method == "HEAD" ? "" : body));

    static string Ending(RequestHead request) => request.KeepAlive && !request.HasBody ? "" : "Connection: close\r\n";
}
