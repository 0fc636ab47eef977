using System;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>meshiot debug path: candidates, points, and why this one.</summary>
[Collection("console")]
public class DebugPathTests
{
    static readonly PathDto Direct = new()
    {
        Name = "greenhouse.demo", Address = "100.64.0.3", NodeKey = "nodekey:00", Path = "direct", Reason = "points", Endpoint = "203.0.113.2:41641",
        TrustLeft = 4200, HomeRelay = new(900, "mesh") { Connected = true },
        Candidates =
        [
            new() { Endpoint = "203.0.113.2:41641", From = ["netmap"], Verdict = "chosen", Pinged = 1200, Answered = 1200, Latency = 10, Speed = 75 },
            new() { Endpoint = "192.168.1.2:41641", From = ["call-me-maybe", "heard"], Verdict = "worse", Pinged = 12_000, Answered = 12_000, Latency = 40, Nearness = 20, Speed = 0 },
            new() { Endpoint = "10.0.0.9:9", From = ["netmap"], Verdict = "silent", Pinged = 3000, Nearness = 20 },
        ],
    };

    static FakeAgent Answering(PathDto path) => new(_ => HttpResponse.Json(path, LocalApiJson.Default.PathDto));

    static Task<(int Code, string Out, string Error)> RunAsync(FakeAgent agent, params string[] args) =>
        FakeAgent.RunAsync(["debug", "path", "green house", .. args, "--socket", agent.Socket]);

    [Fact]
    public async Task It_says_what_is_in_use_and_the_points_that_decided()
    {
        await using FakeAgent agent = Answering(Direct);
        var (code, output, error) = await RunAsync(agent);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            """
            greenhouse.demo (100.64.0.3)
              in use   direct 203.0.113.2:41641, sure for 4.2 s
              because  it has 75 points (0 for nearness, 75 for speed), 192.168.1.2:41641 has 20
              relay    home "mesh" (connected)
              session  none yet

              Endpoint           From                  Pinged     Answered   Latency  Points  Verdict
            * 203.0.113.2:41641  netmap                1.2 s ago  1.2 s ago  10 ms    0 + 75  in use
              192.168.1.2:41641  call-me-maybe, heard  12 s ago   12 s ago   40 ms    20 + 0  answers, has fewer points
              10.0.0.9:9         netmap                3.0 s ago  never      -        20      never answered

            """.ReplaceLineEndings("\n"), output);
        Assert.Equal(["GET /localapi/v0/path"], agent.Asked);
    }

    [Theory]
    [InlineData("relay", "relay", "no endpoint answers (3 tried)")]
    [InlineData("-", "none", "no endpoint answers (3 tried), and there is no relay")]
    [InlineData("both", "doubted", "it stopped answering; packets go both ways until it is sure again")]
    [InlineData("direct", "only", "nothing else answers (3 tried)")]
    [InlineData("direct", "kept", "it was there first, and 192.168.1.2:41641 is not better by enough")]
    [InlineData("-", "idle", "nobody talks to it, so nobody looks; start with: meshiot ping greenhouse")]
    public async Task Every_reason_is_a_sentence(string path, string reason, string sentence)
    {
        await using FakeAgent agent = Answering(Direct with { Path = path, Reason = reason, Relay = new(900, "mesh") });
        var (_, output, _) = await RunAsync(agent);
        Assert.Contains("  because  " + sentence + "\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_it_is_the_agents_answer()
    {
        await using FakeAgent agent = Answering(Direct);
        var (_, output, _) = await RunAsync(agent, "--json");
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal("points", root.GetProperty("reason").GetString());
        Assert.Equal(75, root.GetProperty("candidates")[0].GetProperty("speed").GetInt32());
    }

    [Fact]
    public async Task An_unknown_peer_is_exit_code_10()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Problem(Faults.NoSuchNode.With("mars")));
        var (code, _, error) = await RunAsync(agent);
        Assert.Equal(ExitCodes.NotFound, code);
        Assert.StartsWith("meshiot: no-such-node: ", error, StringComparison.Ordinal);
    }
}
