using System;
using System.Text;
using CsCheck;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Web.Tests;

/// <summary>RFC 9112, and what people have done to lenient servers.</summary>
public class HttpRequestParserTests
{
    static (ParseResult, HttpRequest?, int) Parse(string text)
    {
        ParseResult r = HttpRequestParser.Parse(Encoding.Latin1.GetBytes(text), out HttpRequest? request, out _, out int status);
        return (r, request, status);
    }

    [Fact]
    public void A_plain_get_is_read_with_its_query_decoded()
    {
        var (result, request, _) = Parse("GET /api/v1/sensors/sim.a%20b?from=1&x=%C2%B0C+y&flag HTTP/1.1\r\nHost: gw\r\n\r\nrest");
        Assert.Equal(ParseResult.Complete, result);
        Assert.Equal(("GET", "/api/v1/sensors/sim.a b", "gw", true), (request!.Method, request.Path, request.Host, request.KeepAlive));
        Assert.Equal(("1", "°C y", ""), (request.Query["from"], request.Query["x"], request.Query["flag"]));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)] // no Host
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505)]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 501)]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n", 400)]
    public void What_is_not_strictly_a_request_is_refused(string text, int status)
    {
        var (result, _, answered) = Parse(text);
        Assert.Equal((ParseResult.Refused, status), (result, answered));
    }

    [Fact]
    public void Heads_targets_and_header_counts_are_bounded()
    {
        Assert.Equal((ParseResult.Refused, null, 431), Parse("GET / HTTP/1.1\r\nX: " + new string('a', HttpRequestParser.MaxHead)));
        Assert.Equal((ParseResult.Refused, null, 414), Parse($"GET /{new string('a', 2048)} HTTP/1.1\r\nHost: a\r\n\r\n"));
        StringBuilder many = new("GET / HTTP/1.1\r\nHost: a\r\n");
        for (int i = 0; i < 64; i++)
        {
            many.Append("a: b\r\n");
        }

        Assert.Equal((ParseResult.Refused, null, 431), Parse(many + "\r\n"));
    }

    [Fact]
    public void Every_prefix_of_a_request_asks_for_more()
    {
        const string Whole = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        for (int i = 0; i < Whole.Length; i++)
        {
            Assert.Equal(ParseResult.NeedMore, Parse(Whole[..i]).Item1);
        }

        Assert.False(Parse(Whole).Item2!.KeepAlive);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        Gen.Byte.Array[0, 300].Sample(bytes => HttpRequestParser.Parse(bytes, out _, out _, out _) is >= 0, iter: 20_000);
        byte[] good = Encoding.ASCII.GetBytes("POST /localapi/v0/up?x=1%41 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length - 1], Gen.Byte).Sample((i, a, j, b) =>
        {
            byte[] bent = (byte[])good.Clone();
            (bent[i], bent[j]) = (a, b);
            ParseResult r = HttpRequestParser.Parse(bent, out HttpRequest? q, out int head, out _);
            return r != ParseResult.Complete || (q is not null && head <= bent.Length && q.ContentLength <= HttpRequestParser.MaxBody);
        }, iter: 20_000);
    }
}
