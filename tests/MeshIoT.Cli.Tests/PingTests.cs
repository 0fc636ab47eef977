using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>meshiot ping: what it asks, what it says, and when it stops.</summary>
[Collection("console")]
public class PingTests
{
    static readonly PingReplyDto Relayed = new("greenhouse.demo", "100.64.0.3", "relay", null, 31.2) { Kind = "disco", Relay = "mesh", RelayRegion = 900 };
    static readonly PingReplyDto Direct = new("greenhouse.demo", "100.64.0.3", "direct", "192.0.2.7:41641", 4.06) { Kind = "disco" };

    // Answers one after the other, the last one for ever; null: no answer in time.
    static FakeAgent Answering(params PingReplyDto?[] replies)
    {
        Queue<PingReplyDto?> left = new(replies);
        return new FakeAgent(_ => (left.Count > 1 ? left.Dequeue() : left.Peek()) is { } reply
            ? HttpResponse.Json(reply, LocalApiJson.Default.PingReplyDto)
            : HttpResponse.Problem(Faults.PingTimedOut.With("greenhouse", 500)));
    }

    static Task<(int Code, string Out, string Error)> RunAsync(FakeAgent agent, params string[] args) =>
        FakeAgent.RunAsync(["ping", "greenhouse", .. args, "--socket", agent.Socket]);

    [Fact]
    public async Task It_goes_on_until_a_reply_comes_straight()
    {
        await using FakeAgent agent = Answering(Relayed, Direct);
        var (code, output, error) = await RunAsync(agent);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            "pong from greenhouse.demo (100.64.0.3) via DERP(mesh) in 31 ms\npong from greenhouse.demo (100.64.0.3) via 192.0.2.7:41641 in 4.1 ms\n", output);
        Assert.Equal("""POST /localapi/v0/ping {"target":"greenhouse","timeoutMs":5000,"kind":"disco"}""", agent.Asked[0]);
    }

    [Fact]
    public async Task Without_a_direct_path_it_ends_with_1_and_says_by_which_way_the_answers_came()
    {
        await using FakeAgent agent = Answering(Relayed);
        var (code, output, error) = await RunAsync(agent, "-c", "2");
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);
        Assert.StartsWith("meshiot: direct-not-established: greenhouse answers by DERP(mesh), but no direct path came about within 2 pings. Next: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_insist_on_a_direct_path_is_content_with_the_relay()
    {
        await using FakeAgent agent = Answering(Relayed);
        var (code, output, error) = await RunAsync(agent, "-c", "2", "--until-direct=false");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task No_answer_at_all_is_exit_code_3()
    {
        await using FakeAgent agent = Answering([null]);
        var (code, output, error) = await RunAsync(agent, "-c", "2", "--timeout", "500ms");
        Assert.Equal((ExitCodes.TimedOut, ""), (code, output));
        Assert.Equal(2, error.Split('\n').Count(static line => line == "meshiot: no reply from greenhouse within 0.5 s"));
        Assert.Contains("meshiot: no-reply: greenhouse answered none of 2 pings. Next: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tsmp", "tsmp")]
    [InlineData("--icmp", "icmp")]
    public async Task Inside_the_tunnel_the_first_answer_is_enough(string option, string kind)
    {
        await using FakeAgent agent = Answering(null, Relayed with { Kind = kind });
        var (code, output, _) = await RunAsync(agent, option);
        Assert.Equal((0, $"pong from greenhouse.demo (100.64.0.3) via DERP(mesh) in 31 ms ({kind})\n"), (code, output));
        Assert.Equal(2, agent.Asked.Count);
        Assert.Contains($"\"kind\":\"{kind}\"", agent.Asked[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_each_reply_is_a_line_of_its_own()
    {
        await using FakeAgent agent = Answering(Relayed, Direct);
        var (code, output, _) = await RunAsync(agent, "--json");
        Assert.Equal(0, code);
        JsonElement[] lines = [.. output.TrimEnd().Split('\n').Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["relay", "direct"], lines.Select(static line => line.GetProperty("path").GetString()));
        Assert.Equal("mesh", lines[0].GetProperty("relay").GetString());
        Assert.Equal(31.2, lines[0].GetProperty("milliseconds").GetDouble());
        Assert.False(lines[0].TryGetProperty("endpoint", out _));
    }

    [Fact]
    public async Task Two_kinds_at_once_are_a_mistake_of_the_command_line()
    {
        await using FakeAgent agent = Answering(Direct);
        var (code, _, error) = await RunAsync(agent, "--tsmp", "--icmp");
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("option-malformed", error, StringComparison.Ordinal);
        Assert.Empty(agent.Asked);
    }

    [Fact]
    public async Task A_ping_of_oneself_says_so()
    {
        await using FakeAgent agent = Answering(new PingReplyDto("laptop.demo", "100.64.0.2", "local", null, 0));
        Assert.Equal((0, "laptop.demo (100.64.0.2) is this node itself\n", ""), await RunAsync(agent));
    }
}
