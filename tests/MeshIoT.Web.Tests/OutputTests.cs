using System;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Tests;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Web.Tests;

/// <summary>Who may switch what: by door, by policy, by token, and not by the page of somebody else.</summary>
public sealed class OutputTests : IDisposable
{
    const string Token = "0123456789abcdefghij";

    readonly ManualTime time = new();
    readonly Outputs outputs;
    bool isGranted;

    public OutputTests()
    {
        outputs = new Outputs(time, null);
        Assert.Empty(outputs.Use([new OutputEntry { Id = "pump", Driver = "test", Name = "Pump" }], static entry => new Lamp(entry)));
    }

    public void Dispose() => outputs.Dispose();

    Loopback Serve(HttpDoor door, bool hasToken = false) => new(
        new GatewayApi(new GatewayContext
        {
            Name = () => "greenhouse",
            Sampler = new Sampler(),
            Time = time,
            Outputs = outputs,
            MaySwitch = address => isGranted && address.Equals(IPAddress.Loopback),
            Token = hasToken ? Encoding.ASCII.GetBytes(Token) : default,
        }).HandleAsync,
        isOutside: true, door: door);

    static async Task<(int Status, string Body)> SetAsync(
        Loopback server, string value = "on", string? token = null, string? origin = null, string? host = null, string type = "application/json", string id = "pump")
    {
        using HttpRequestMessage request = new(HttpMethod.Put, "/api/v1/outputs/" + id) { Content = new StringContent($$"""{"value":"{{value}}"}""", Encoding.UTF8, type) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        if (host is not null)
        {
            request.Headers.Host = host;
        }

        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task From_the_tailnet_the_policy_says_who_may()
    {
        await using Loopback server = Serve(HttpDoor.Tailnet);
        Assert.Contains("\"pump\"", await server.Http.GetStringAsync("/api/v1/outputs"), StringComparison.Ordinal);
        (int status, string body) = await SetAsync(server);
        Assert.Equal(403, status);
        Assert.Contains("switch-not-granted", body, StringComparison.Ordinal);
        Assert.Contains("meshiot.dev/cap/switch", body, StringComparison.Ordinal);
        Assert.NotEqual(1, outputs.Find("pump")!.Value);
        Assert.Contains("\"canSwitch\":false", await server.Http.GetStringAsync("/api/v1/status"), StringComparison.Ordinal);
        isGranted = true;
        (status, body) = await SetAsync(server);
        Assert.Equal(200, status);
        Assert.Contains("\"value\":1", body, StringComparison.Ordinal);
        Assert.Equal(1, outputs.Find("pump")!.Value);
        Assert.Equal("rest: 127.0.0.1", outputs.Find("pump")!.Who);
        Assert.Contains("\"canSwitch\":true", await server.Http.GetStringAsync("/api/v1/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_outside_only_the_token_counts_and_without_one_nobody_may()
    {
        isGranted = true;
        await using Loopback bare = Serve(HttpDoor.Outside);
        Assert.Equal(403, (await SetAsync(bare)).Status);
        Assert.Equal(403, (await SetAsync(bare, token: "")).Status);
        await using Loopback server = Serve(HttpDoor.Outside, hasToken: true);
        Assert.Equal(401, (await SetAsync(server)).Status);
        Assert.Equal(401, (await SetAsync(server, token: Token[..^1])).Status);
        Assert.Equal(401, (await SetAsync(server, token: Token + "k")).Status);
        Assert.NotEqual(1, outputs.Find("pump")!.Value);
        Assert.Equal(200, (await SetAsync(server, token: Token)).Status);
        Assert.Equal(1, outputs.Find("pump")!.Value);
    }

    [Theory]
    [InlineData("http://evil.example", null, "application/json", 403)]
    [InlineData("null", null, "application/json", 403)]
    [InlineData("http://evil.example", "evil.example", "application/json", 403)]
    [InlineData(null, "evil.example:80", "application/json", 403)]
    [InlineData(null, null, "text/plain", 415)]
    [InlineData(null, null, "application/x-www-form-urlencoded", 415)]
    [InlineData("http://greenhouse", "greenhouse", "application/json", 200)]
    [InlineData("http://[::1]:80", "[::1]:80", "application/json", 200)]
    public async Task A_page_of_somebody_else_changes_nothing(string? origin, string? host, string type, int expected)
    {
        isGranted = true;
        await using Loopback server = Serve(HttpDoor.Tailnet);
        Assert.Equal(expected, (await SetAsync(server, origin: origin, host: host, type: type)).Status);
        Assert.Equal(expected == 200, outputs.Find("pump")!.Value == 1);
    }

    [Theory]
    [InlineData("half", "pump", 400)]
    [InlineData("2", "pump", 400)]
    [InlineData("on", "boiler", 404)]
    [InlineData("\u0007", "pump", 400)]
    public async Task What_it_cannot_be_set_to_is_said(string value, string id, int expected)
    {
        isGranted = true;
        await using Loopback server = Serve(HttpDoor.Tailnet);
        Assert.Equal(expected, (await SetAsync(server, value, id: id)).Status);
    }

    [Fact]
    public async Task Readers_of_live_events_see_all_outputs_and_each_change()
    {
        await using Loopback server = Serve(HttpDoor.Tailnet);
        await using EventReader reader = await EventReader.OpenAsync(server.Port);
        Assert.True(await reader.UntilAsync("event: outputs"));
        Assert.Null(outputs.TrySet("pump", "on", "test"));
        Assert.True(await reader.UntilAsync("event: outputs", 2));
        Assert.True(await reader.UntilAsync("\"who\":\"test\""));
    }

    sealed class Lamp(OutputEntry entry) : OutputDevice(OutputDescription.Switch(entry))
    {
        double now;

        public override FaultReport? TrySet(double value)
        {
            now = value;
            return null;
        }

        public override FaultReport? TryRead(out double value)
        {
            value = now;
            return null;
        }
    }
}
