using System;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>meshiot output.</summary>
[Collection("console")]
public class OutputTests
{
    static readonly OutputsDto Two = new(
    [
        new() { Id = "fan", Name = "Fan", Kind = "pwm", Type = "level", Unit = "%", Highest = 100, Value = 37.5, Time = DateTimeOffset.UtcNow, Who = "mqtt" },
        new() { Id = "pump", Name = "Pump", Kind = "relay", Type = "switch", Highest = 1, Error = new("output-silent", "high", "The output pump cannot be set: x.", "y") },
    ]);

    [Fact]
    public async Task The_list_says_what_is_set_and_what_is_not_known()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Json(Two, GatewayJson.Default.OutputsDto));
        var (code, output, error) = await FakeAgent.RunAsync("output", "list", "--socket", agent.Socket);
        Assert.Equal((ExitCodes.Done, "GET /localapi/v0/outputs"), (code, Assert.Single(agent.Asked)));
        Assert.Matches(@"fan +37\.5 % +\S+ +mqtt +- +Fan", output);
        Assert.Matches(@"pump +unknown +- +- +- +Pump", output);
        Assert.Contains("output-silent", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setting_sends_value_and_time_and_prints_that_output()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Json(Two, GatewayJson.Default.OutputsDto));
        var (code, output, _) = await FakeAgent.RunAsync("output", "set", "fan", "40", "--for", "10m", "--json", "--socket", agent.Socket);
        Assert.Equal((ExitCodes.Done, "POST /localapi/v0/outputs/fan {\"value\":\"40\",\"forSeconds\":600}"), (code, Assert.Single(agent.Asked)));
        Assert.Contains("\"fan\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"pump\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_agent_refuses_is_told()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Problem(Faults.NoSuchOutput.With("x")));
        var (code, _, error) = await FakeAgent.RunAsync("output", "set", "x", "on", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.NotFound, code);
        Assert.Contains("no-such-output", error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await FakeAgent.RunAsync("output", "set", "x", "on", "--for", "soon", "--socket", agent.Socket)).Code);
    }
}
