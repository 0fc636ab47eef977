using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Web.Http;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Requests to the agent's own HTTP server.</summary>
sealed class HttpRequestInput : FuzzTarget
{
    public override string Name => "http-request";

    public override IEnumerable<byte[]> Seeds =>
    [
        Fixed.Ascii("POST /localapi/v0/up?x=1%41&y=%C3%A9 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"),
        Fixed.Ascii("GET /api/v1/sensors HTTP/1.0\r\nAccept: */*\r\nIf-None-Match: \"x\"\r\n\r\n"), Fixed.Ascii("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ];

    public override void Run(byte[] input)
    {
        ParseResult result = HttpRequestParser.Parse(input, out HttpRequest? request, out int head, out int status);
        Promise(result != ParseResult.Complete || (request is not null && head <= input.Length && request.ContentLength is >= 0 and <= HttpRequestParser.MaxBody), "a request that is none");
        Promise(result != ParseResult.Refused || status is >= 400 and <= 599, "refused without a status");
        Promise(result != ParseResult.NeedMore || input.Length < HttpRequestParser.MaxHead, "more is wanted than is ever taken");
    }
}
