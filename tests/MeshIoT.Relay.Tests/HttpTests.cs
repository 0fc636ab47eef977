using System;
using System.Net;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>The HTTP paths. data-plane.md section 4.4.</summary>
public class HttpTests
{
    [Theory]
    [InlineData("GET /derp/probe", "200 OK", "Access-Control-Allow-Origin: *")]
    [InlineData("HEAD /derp/latency-check", "200 OK", "Access-Control-Allow-Origin: *")]
    [InlineData("POST /derp/probe", "405 Method Not Allowed", "Allow: GET, HEAD")]
    [InlineData("GET /derp", "426 Upgrade Required", "Upgrade: DERP")]
    [InlineData("POST /derp", "426 Upgrade Required", "Upgrade: DERP")]
    [InlineData("GET /generate_204", "204 No Content", "Cache-Control: no-cache, no-store, must-revalidate, no-transform, max-age=0")]
    [InlineData("GET /robots.txt", "200 OK", "Content-Type: text/plain")]
    [InlineData("GET /", "200 OK", "Content-Type: text/html")]
    [InlineData("GET /bootstrap-dns", "404 Not Found", "")]
    [InlineData("GET /metrics", "404 Not Found", "")]
    public async Task Each_path_has_its_answer_and_the_connection_stays(string request, string status, string header)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Connect();
        for (int i = 0; i < 2; i++)
        {
            (string head, _) = client.Ask(request + " HTTP/1.1\r\nHost: relay\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 " + status + "\r\n", head);
            Assert.Contains(header, head);
        }
    }

    [Theory]
    [InlineData("ts_10.0.0.1:80-x", "X-Tailscale-Response: response ts_10.0.0.1:80-x\r\n")]
    [InlineData("with space", "")]
    [InlineData("<script>", "")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", "")]
    public async Task A_challenge_comes_back_if_it_is_a_decent_one(string challenge, string expected)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Connect();
        (string head, _) = client.Ask($"GET /generate_204 HTTP/1.1\r\nHost: relay\r\nX-Tailscale-Challenge: {challenge}\r\n\r\n");
        Assert.Equal(expected.Length > 0, head.Contains("X-Tailscale-Response", StringComparison.Ordinal));
        Assert.Contains(expected, head);
    }

    [Fact]
    public async Task Names_are_told_to_clients_without_DNS_and_only_those()
    {
        BootstrapDns names = new();
        names.Set("coord.example", IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"));
        await using TestRelay relay = await TestRelay.StartAsync(change: o => o with { Bootstrap = names });
        using ScriptedClient client = relay.Connect();
        Assert.Equal("""{"coord.example":["192.0.2.1","2001:db8::1"]}""", client.Ask("GET /bootstrap-dns?q=coord.example HTTP/1.1\r\nHost: r\r\n\r\n").Body);
        Assert.Equal("{}", client.Ask("GET /bootstrap-dns?q=other.example HTTP/1.1\r\nHost: r\r\n\r\n").Body);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\n\r\n")]
    [InlineData("GET http://other/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nno colon here\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n: empty name\r\n\r\n")]
    public async Task What_is_no_request_is_told_so_and_closed(string request)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Connect();
        client.Send(request);
        Assert.StartsWith("HTTP/1.1 400 ", client.ReadHead());
        client.ExpectClosed();
    }

    [Fact]
    public async Task A_head_without_end_is_not_waited_for()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Connect();
        client.Send("GET / HTTP/1.1\r\nX: " + new string('a', 9000));
        client.ExpectClosed();
    }

    [Fact]
    public async Task Figures_are_at_the_door_for_figures_and_relaying_is_not()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = new(relay.Server.MetricsListening!);
        Assert.Contains("meshiot_relay_clients 0\n", client.Ask("GET /metrics HTTP/1.1\r\nHost: r\r\n\r\n").Body);
        Assert.StartsWith("HTTP/1.1 404 ", client.Ask("GET /derp HTTP/1.1\r\nHost: r\r\nUpgrade: DERP\r\n\r\n").Head);
    }
}
