using System;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>What people and scripts rely on: stdout is the answer, stderr the rest, exit codes and JSON stay.</summary>
[Collection("console")]
public class CommandLineTests
{
    static readonly StatusDto Running = new()
    {
        BackendState = "Running",
        Version = "0.1.0",
        Tun = "userspace",
        LoginServer = "http://127.0.0.1:8480/",
        Self = new() { Name = "laptop.demo", HostName = "laptop", Addresses = ["100.64.0.2", "fd7a:115c:a1e0::2"], Os = "linux", Online = true },
        Peers =
        [
            new() { Name = "greenhouse.demo", HostName = "greenhouse", Addresses = ["100.64.0.1", "fd7a:115c:a1e0::1"], Os = "linux", Online = true, Path = "direct", Active = true, Endpoint = "127.0.0.2:41641", TxBytes = 10, RxBytes = 20 },
            new() { Name = "shed.demo", HostName = "shed", Addresses = ["100.64.0.3"], LastSeen = DateTimeOffset.UtcNow.AddDays(-3) },
        ],
        Health = [new("coordinator-away", "medium", "The coordinator is away.", "Wait.")],
    };

    static SensorsDto Sensors(double value, DateTimeOffset time) => new(
    [
        new()
        {
            Gateway = "greenhouse", Address = "100.64.0.1", Path = "direct", Endpoint = "127.0.0.2:41641", RxBytes = 20, TxBytes = 10,
            Sensors = [new() { Id = "sim.air_temperature", Name = "Air", Kind = "sim", Quantity = "temperature", Unit = "°C", Value = value, Time = time, Quality = "good", Simulated = true }],
        },
    ]);

    static FakeAgent Answering(StatusDto status) => new(_ => HttpResponse.Json(status, LocalApiJson.Default.StatusDto));

    [Fact]
    public async Task Status_has_one_aligned_line_per_node_and_the_health_at_its_end()
    {
        await using FakeAgent agent = Answering(Running);
        var (code, output, _) = await FakeAgent.RunAsync("status", "--socket", agent.Socket);
        Assert.Equal(0, code);
        string[] lines = output.Split('\n');
        Assert.StartsWith("100.64.0.2  laptop      linux  -", lines[0], StringComparison.Ordinal);
        Assert.Equal("100.64.0.1  greenhouse  linux  active; direct 127.0.0.2:41641, tx 10 rx 20", lines[1]);
        Assert.Contains("offline, last seen 3 d ago", lines[2], StringComparison.Ordinal);
        Assert.Contains("# Health check:\n#     - coordinator-away: The coordinator is away. Next: Wait.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ends_with_1_while_the_node_does_not_run()
    {
        await using FakeAgent agent = Answering(new StatusDto { BackendState = "NeedsLogin", Version = "0.1.0", Tun = "userspace" });
        var (code, output, _) = await FakeAgent.RunAsync("status", "--socket", agent.Socket);
        Assert.Equal((1, "Logged out. Next: meshiot up --claim -\n"), (code, output));
    }

    [Fact]
    public async Task Status_as_json_is_the_agents_answer()
    {
        await using FakeAgent agent = Answering(Running);
        var (_, output, _) = await FakeAgent.RunAsync("status", "--json", "--socket", agent.Socket);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal("greenhouse", root.GetProperty("peers")[0].GetProperty("hostName").GetString());
    }

    [Theory]
    [InlineData("100.64.0.2\nfd7a:115c:a1e0::2\n")]
    [InlineData("100.64.0.2\n", "-4")]
    [InlineData("fd7a:115c:a1e0::1\n", "greenhouse", "-6")]
    [InlineData("100.64.0.3\n", "SHED.demo.")]
    public async Task Ip_prints_addresses_and_nothing_else(string expected, params string[] args)
    {
        await using FakeAgent agent = Answering(Running);
        var (code, output, error) = await FakeAgent.RunAsync(["ip", .. args, "--socket", agent.Socket]);
        Assert.Equal((0, expected, ""), (code, output, error));
    }

    [Fact]
    public async Task No_agent_is_exit_code_8_and_one_line_with_the_next_step()
    {
        var (code, output, error) = await FakeAgent.RunAsync("status", "--socket", "/nonexistent/agent.sock");
        Assert.Equal((ExitCodes.Unreachable, ""), (code, output));
        Assert.StartsWith("meshiot: agent-not-running: ", error, StringComparison.Ordinal);
        Assert.Contains("Next: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_error_as_json_has_the_catalogues_three_fields()
    {
        var (_, _, error) = await FakeAgent.RunAsync("ip", "--json", "--socket", "/nonexistent/agent.sock");
        JsonElement root = JsonDocument.Parse(error).RootElement;
        Assert.Equal("agent-not-running", root.GetProperty("code").GetString());
        Assert.True(root.TryGetProperty("message", out _) && root.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("status", "--nope")]
    [InlineData("ping")]
    [InlineData("sensor", "watch", "-C", "x")]
    public async Task A_wrong_command_line_is_exit_code_2_on_stderr(params string[] args)
    {
        var (code, output, error) = await FakeAgent.RunAsync(args);
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_goes_to_stdout_with_examples()
    {
        var (code, output, _) = await FakeAgent.RunAsync("sensor", "watch", "--help");
        Assert.Equal(0, code);
        Assert.Contains("meshiot sensor watch greenhouse", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_one_sensor_prints_its_value_and_says_aside_that_it_is_simulated()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Json(Sensors(21.5, DateTimeOffset.UtcNow), GatewayJson.Default.SensorsDto));
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "read", "greenhouse/sim.air_temperature", "--socket", agent.Socket);
        Assert.Equal((0, "21.5 °C\n"), (code, output));
        Assert.Contains("simulated", error, StringComparison.Ordinal);
        Assert.Equal(["GET /localapi/v0/sensors"], agent.Asked);
    }

    [Fact]
    public async Task An_unknown_sensor_is_exit_code_10()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Json(Sensors(21.5, DateTimeOffset.UtcNow), GatewayJson.Default.SensorsDto));
        var (code, _, error) = await FakeAgent.RunAsync("sensor", "read", "greenhouse/nope", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.NotFound, code);
        Assert.Contains("no-such-sensor", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_prints_each_new_sample_once_with_the_way_it_came()
    {
        int asked = 0;
        DateTimeOffset start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        await using FakeAgent agent = new(_ => HttpResponse.Json(Sensors(20 + asked, start.AddSeconds(asked++ / 2)), GatewayJson.Default.SensorsDto));
        var (code, output, _) = await FakeAgent.RunAsync("sensor", "watch", "greenhouse", "-C", "3", "--interval", "10ms", "--socket", agent.Socket);
        Assert.Equal(0, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, l => Assert.Contains("[100.64.0.1 direct 127.0.0.2:41641, tx 10 rx 20]", l, StringComparison.Ordinal));
        Assert.All(lines, l => Assert.Contains("simulated", l, StringComparison.Ordinal));
        Assert.True(asked >= 5);
    }

    [Fact]
    public async Task Watch_that_gets_too_little_in_time_is_exit_code_3()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Json(Sensors(1, new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), GatewayJson.Default.SensorsDto));
        var (code, _, _) = await FakeAgent.RunAsync("sensor", "watch", "-C", "2", "-W", "1", "--interval", "100ms", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.TimedOut, code);
    }

    [Fact]
    public async Task Up_hands_the_key_over_without_ever_printing_it()
    {
        await using FakeAgent agent = Answering(Running);
        string file = Path.Combine(agent.TempDirectory, "key");
        await File.WriteAllTextAsync(file, "hskey-auth-0123456789ab-" + new string('7', 64) + "\n");
        var (code, output, error) = await FakeAgent.RunAsync("up", "--login-server", "http://127.0.0.1:1", "--auth-key", "file:" + file, "--socket", agent.Socket);
        Assert.Equal(0, code);
        Assert.Contains("hskey-auth-0123456789ab-777", Assert.Single(agent.Asked), StringComparison.Ordinal);
        Assert.DoesNotContain("777", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_of_the_agent_comes_through_with_its_code_and_exit_code()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Problem(Faults.NoSuchNode.With("mars")));
        var (code, output, error) = await FakeAgent.RunAsync("ping", "mars", "--socket", agent.Socket);
        Assert.Equal((ExitCodes.NotFound, ""), (code, output));
        Assert.StartsWith("meshiot: no-such-node: No node \"mars\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ten")]
    [InlineData("-5s")]
    [InlineData("0s")]
    [InlineData("5")]
    public async Task A_duration_that_is_none_is_named(string text)
    {
        await using FakeAgent agent = Answering(Running);
        var (code, _, error) = await FakeAgent.RunAsync("ping", "greenhouse", "--timeout=" + text, "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("option-malformed", error, StringComparison.Ordinal);
    }
}
