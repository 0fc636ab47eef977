using System;
using System.Text;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The strict reader in front of the HTTP server: it takes what every client sends, and leaves everything else alone.</summary>
public class UpgradeRequestTests
{
    const string Good = "POST /ts2021 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: upgrade\r\nUpgrade: tailscale-control-protocol\r\nX-Tailscale-Handshake: AIoBAGBk\r\nContent-Length: 0\r\n\r\n";

    static UpgradeReading Read(string text, out UpgradeRequest? request) => UpgradeRequest.TryRead(Encoding.Latin1.GetBytes(text), out request);

    [Fact]
    public void A_request_is_taken_as_soon_as_its_empty_line_has_come_and_what_follows_is_left()
    {
        for (int cut = 0; cut < Good.Length; cut++)
        {
            Assert.Equal(UpgradeReading.Incomplete, Read(Good[..cut], out UpgradeRequest? none));
            Assert.Null(none);
        }

        Assert.Equal(UpgradeReading.Complete, Read(Good + "\x04\x00rest", out UpgradeRequest? request));
        Assert.Equal(("AIoBAGBk", Good.Length), (request!.Handshake, request.HeadLength));
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n", "")]
    [InlineData("Connection: upgrade", "connection: Upgrade")]
    [InlineData("Content-Length: 0", "Accept-Encoding: gzip\r\nUser-Agent: Go-http-client/1.1")]
    public void Clients_may_write_it_differently(string what, string instead) =>
        Assert.Equal(UpgradeReading.Complete, Read(Good.Replace(what, instead, StringComparison.Ordinal), out _));

    [Theory]
    [InlineData("POST /ts2021 HTTP/1.1", "POST /ts2021 HTTP/1.0")]
    [InlineData("POST /ts2021 HTTP/1.1", "GET /ts2021 HTTP/1.1")]
    [InlineData("POST /ts2021 HTTP/1.1", "POST /ts2021?x HTTP/1.1")]
    [InlineData("POST /ts2021 HTTP/1.1", "GET /key?v=130 HTTP/1.1")]
    [InlineData("Content-Length: 0", "Content-Length: 5")]
    [InlineData("Content-Length: 0", "Transfer-Encoding: chunked")]
    [InlineData("Content-Length: 0", "Content-Length : 0")]
    [InlineData("Content-Length: 0", " folded: 0")]
    [InlineData("Content-Length: 0", "X: a\0b")]
    [InlineData("Content-Length: 0", "X: a\nb")]
    [InlineData("Content-Length: 0", "X: \u00e9")]
    [InlineData("Content-Length: 0", "no colon")]
    [InlineData("Content-Length: 0", "Host: again")]
    [InlineData("Content-Length: 0", "Upgrade: tailscale-control-protocol")]
    [InlineData("Content-Length: 0", "X-Tailscale-Handshake: twice")]
    [InlineData("Content-Length: 0", "Expect: 100-continue")]
    [InlineData("Host: 127.0.0.1:8080\r\n", "")]
    [InlineData("Upgrade: tailscale-control-protocol", "Upgrade: websocket")]
    [InlineData("X-Tailscale-Handshake: AIoBAGBk\r\n", "")]
    [InlineData("Connection: upgrade", "Connection: keep-alive")]
    public void What_is_unusual_is_the_servers_business(string what, string instead)
    {
        Assert.Equal(UpgradeReading.Other, Read(Good.Replace(what, instead, StringComparison.Ordinal), out UpgradeRequest? none));
        Assert.Null(none);
    }

    [Fact]
    public void A_head_that_does_not_end_is_given_up_at_four_KiB_and_too_many_fields_are_the_servers_business()
    {
        string start = Good[..^2];
        Assert.Equal(UpgradeReading.Incomplete, Read(start + "X: " + new string('x', 3500), out _));
        Assert.Equal(UpgradeReading.Other, Read(start + "X: " + new string('x', 4096), out _));
        Assert.Equal(UpgradeReading.Other, Read(start + string.Concat(System.Linq.Enumerable.Repeat("A: b\r\n", 40)) + "\r\n", out _));
    }

    [Fact]
    public void Random_and_bit_flipped_heads_never_break_it()
    {
        Random random = new(3);
        byte[] good = Encoding.Latin1.GetBytes(Good);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. good];
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            if (UpgradeRequest.TryRead(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out UpgradeRequest? request) == UpgradeReading.Complete)
            {
                Assert.NotEqual("", request!.Handshake);
            }
        }
    }
}
