using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>meshiot sensor: what is printed of values, and across which gateways.</summary>
[Collection("console")]
public class SensorTests
{
    static readonly DateTimeOffset At = DateTimeOffset.Parse("2026-11-20T10:00:00Z", CultureInfo.InvariantCulture);

    static SensorDto Air(string id = "air") => new()
    {
        Id = id, Name = "Air", Kind = "bme280", Quantity = "temperature", Unit = "°C", Value = 21.5, Time = At, Quality = "good", Alarm = "high",
        Recent = [1.0, null, 2.0, 3.0],
    };

    static GatewaySensorsDto Gateway(string name, params SensorDto[] sensors) => new() { Gateway = name, Address = "100.64.0.1", Path = "direct", Endpoint = "127.0.0.2:41641", Sensors = sensors };

    static FakeAgent Two(List<string>? asked = null) => new(r =>
    {
        asked?.Add(string.Join('&', r.Query.Select(q => q.Key + "=" + q.Value)));
        string? only = r.Query.GetValueOrDefault("gateway");
        return HttpResponse.Json(
            new SensorsDto([.. new[] { Gateway("attic", Air()), Gateway("cellar", Air(), Air("deep")) }.Where(g => only is null || g.Gateway == only)]), GatewayJson.Default.SensorsDto);
    });

    [Fact]
    public async Task A_list_ends_with_what_the_last_day_was_like()
    {
        List<string> asked = [];
        await using FakeAgent agent = Two(asked);
        var (code, output, _) = await FakeAgent.RunAsync("sensor", "list", "--socket", agent.Socket);
        Assert.Equal(0, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("Last 24 h", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(Sparkline.HasBlocks ? "▁ ▅█" : "_ =#", lines[1], StringComparison.Ordinal);
        Assert.Contains("good, too high", lines[1], StringComparison.Ordinal);
        Assert.Equal("recent=24h", Assert.Single(asked));
    }

    [Fact]
    public async Task JSON_asks_for_no_past_and_has_none_of_the_column()
    {
        List<string> asked = [];
        await using FakeAgent agent = Two(asked);
        var (_, output, _) = await FakeAgent.RunAsync("sensor", "list", "--json", "--socket", agent.Socket);
        Assert.DoesNotContain("Last 24 h", output, StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(asked));
    }

    [Fact]
    public async Task An_option_names_the_gateway_where_several_have_the_sensor()
    {
        await using FakeAgent agent = Two();
        var (code, _, error) = await FakeAgent.RunAsync("sensor", "read", "air", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("attic, cellar", error, StringComparison.Ordinal);
        (code, string output, _) = await FakeAgent.RunAsync("sensor", "read", "air", "--gateway", "cellar", "--socket", agent.Socket);
        Assert.Equal((0, "21.5 °C\n"), (code, output));
        (code, _, error) = await FakeAgent.RunAsync("sensor", "read", "attic/air", "--gateway", "cellar", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--gateway", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%t %p", "attic/air 21.5")]
    [InlineData("%x|%l|%q%r|%%", "32312e35|4|00|%")]
    [InlineData("%g;%s;%n;%u;%Q", "attic;air;Air;°C;good, too high")]
    [InlineData("%U\\t%p\\\\", "1795168800.000\t21.5\\")]
    [InlineData("plain", "plain")]
    public async Task A_value_is_printed_as_the_format_says(string format, string expected)
    {
        await using FakeAgent agent = Two();
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "watch", "attic", "-C", "1", "-W", "20", "-F", format, "--socket", agent.Socket);
        Assert.Equal((0, expected + "\n", ""), (code, output, error));
    }

    [Fact]
    public async Task A_reading_as_JSON_is_one_line()
    {
        await using FakeAgent agent = Two();
        var (_, output, _) = await FakeAgent.RunAsync("sensor", "watch", "attic", "-C", "1", "-F", "%j", "--socket", agent.Socket);
        Assert.Equal(21.5, System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("value").GetDouble());
        Assert.Equal(1, output.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("%y")]
    [InlineData("100 %")]
    [InlineData("x\\q")]
    public async Task A_format_that_means_nothing_is_refused_before_anything_is_asked(string format)
    {
        await using FakeAgent agent = Two();
        var (code, _, error) = await FakeAgent.RunAsync("sensor", "watch", "-C", "1", "-F", format, "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("--format", error, StringComparison.Ordinal);
        Assert.Empty(agent.Asked);
    }

    [Fact]
    public void Lines_of_values_have_a_place_for_each()
    {
        Assert.Equal("-", Sparkline.Of(null, true));
        Assert.Equal("-", Sparkline.Of([null, null], true));
        Assert.Equal("▄▄ ▄", Sparkline.Of([5, 5, null, 5], true));
        Assert.Equal("_.:-=+*#", Sparkline.Of([0, 1, 2, 3, 4, 5, 6, 7], false));
    }

    static byte[] Event(string name, params SensorDto[] sensors) => System.Text.Encoding.UTF8.GetBytes(
        $"event: {name}\ndata: {System.Text.Json.JsonSerializer.Serialize(new SensorListDto("attic", At, sensors), GatewayJson.Default.SensorListDto)}\n\n");

    // Each stream gives the values there are, then one more and ends, if it ends.
    static FakeAgent Live(int rounds, bool ends = false)
    {
        int opened = 0;
        return new(r => r.Path == "/localapi/v0/sensors"
            ? HttpResponse.Json(new SensorsDto([Gateway("attic", Air())]), GatewayJson.Default.SensorsDto)
            : new HttpResponse(200, "text/event-stream", default)
            {
                Writer = async (body, gone) =>
                {
                    int turn = System.Threading.Interlocked.Increment(ref opened);
                    await body.WriteAsync("retry: 3000\n\n:\n\n"u8.ToArray());
                    await body.WriteAsync(Event("sensors", Air()));
                    for (int i = 1; i <= rounds; i++)
                    {
                        await body.WriteAsync(Event("readings", Air() with { Value = i, Time = At.AddSeconds((turn * 100) + i) }));
                    }

                    if (!ends)
                    {
                        await Task.Delay(-1, gone);
                    }
                },
            });
    }

    [Fact]
    public async Task Values_are_told_as_they_come_and_nothing_is_asked_twice()
    {
        await using FakeAgent agent = Live(3);
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "watch", "-C", "4", "-W", "30", "-F", "%p", "--socket", agent.Socket);
        Assert.Equal((0, "21.5\n1\n2\n3\n", ""), (code, output, error));
        Assert.Equal(["GET /localapi/v0/sensors", "GET /localapi/v0/gateways/attic/api/v1/events"], agent.Asked);
    }

    [Fact]
    public async Task A_stream_that_ends_is_opened_again()
    {
        await using FakeAgent agent = Live(1, ends: true);
        var (code, output, _) = await FakeAgent.RunAsync("sensor", "watch", "attic/air", "-C", "3", "-W", "60", "-F", "%p", "--socket", agent.Socket);
        Assert.Equal((0, "21.5\n1\n21.5\n"), (code, output));
    }

    [Fact]
    public async Task With_an_interval_values_are_asked_for()
    {
        await using FakeAgent agent = Live(3);
        var (code, output, _) = await FakeAgent.RunAsync("sensor", "watch", "-C", "1", "--interval", "50ms", "-F", "%p", "--socket", agent.Socket);
        Assert.Equal((0, "21.5\n"), (code, output));
        Assert.Equal("GET /localapi/v0/sensors", Assert.Single(agent.Asked));
    }

    [Fact]
    public async Task Without_an_agent_the_fault_is_told()
    {
        var (code, _, error) = await FakeAgent.RunAsync("sensor", "watch", "-C", "1", "-W", "30", "--socket", "/nonexistent/agent.sock");
        Assert.Equal(ExitCodes.Unreachable, code);
        Assert.Contains("agent-not-running", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_is_given_up()
    {
        using System.IO.MemoryStream endless = new(new byte[100_000]);
        using BoundedLines lines = new(endless, 5000);
        await Assert.ThrowsAsync<System.IO.InvalidDataException>(async () => await lines.ReadAsync(default));
        using System.IO.MemoryStream fine = new("a\r\n\nlast"u8.ToArray());
        using BoundedLines three = new(fine, 5000);
        Assert.Equal(["a", "", "last", null], new[] { await three.ReadAsync(default), await three.ReadAsync(default), await three.ReadAsync(default), await three.ReadAsync(default) });
    }
}
