using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>meshiot sensor history and export: what was kept, of any gateway.</summary>
[Collection("console")]
public class SensorHistoryTests
{
    static readonly long Start = DateTimeOffset.Parse("2026-11-20T10:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    readonly List<(string Path, IReadOnlyDictionary<string, string> Query)> asked = [];

    static SensorDto Air => new() { Id = "air", Name = "Air", Kind = "bme280", Quantity = "temperature", Unit = "°C", Value = 21.5, Quality = "good" };

    static HistoryDto History => new()
    {
        Sensor = "air", Unit = "°C", Resolution = "hour", StepMs = 3_600_000, From = Start, To = Start + 86_400_000,
        Points = [new(Start, 19, 20, 21, 360), new(Start + 3_600_000, 20, 22, 25, 180), new(Start + (20 * 3_600_000), 10, 11, 12, 360)],
    };

    FakeAgent Agent(Func<string, HttpResponse>? answer = null) => new(r =>
    {
        asked.Add((r.Path, r.Query));
        return r.Path == "/localapi/v0/sensors"
            ? HttpResponse.Json(
                new SensorsDto([.. new[] { "attic", "cellar" }.Where(g => r.Query.GetValueOrDefault("gateway") is not { } only || only == g)
                    .Select(g => new GatewaySensorsDto { Gateway = g, Address = "100.64.0.1", Path = "direct", Sensors = [Air] })]), GatewayJson.Default.SensorsDto)
            : (answer ?? (static _ => HttpResponse.Json(History, GatewayJson.Default.HistoryDto)))(r.Path);
    });

    static HttpResponse Lines(params string[] pieces) => new(200, "text/csv", default)
    {
        Writer = async (body, _) =>
        {
            foreach (string piece in pieces)
            {
                await body.WriteAsync(Encoding.UTF8.GetBytes(piece));
            }
        },
    };

    static HttpResponse Csv(string path) => Lines("time,sensor,value,unit\r\n", "2026-11-20T10:00:00.000Z,air,", path.Contains("attic", StringComparison.Ordinal) ? "1.5,°C\r\n" : "2.5,°C\r\n");

    [Fact]
    public async Task History_is_asked_of_every_gateway_that_has_the_sensor()
    {
        await using FakeAgent agent = Agent();
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "history", "air", "--from", "2026-11-20T10:00:00Z", "--to", "2026-11-21T10:00:00Z", "--resolution", "hour", "--socket", agent.Socket);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("attic/air  Air  °C", output, StringComparison.Ordinal);
        Assert.Contains("cellar/air  Air  °C", output, StringComparison.Ordinal);
        Assert.Contains("min 10  mean 16.8  max 25  900 values", output, StringComparison.Ordinal);
        Assert.Matches(@"Time +Min  Mean  Max  Values", output);
        Assert.Equal(["/localapi/v0/gateways/attic/api/v1/sensors/air/history", "/localapi/v0/gateways/cellar/api/v1/sensors/air/history"], asked.Skip(1).Select(a => a.Path));
        Assert.Equal((Start.ToString(CultureInfo.InvariantCulture), "hour", "48"), (asked[1].Query["from"], asked[1].Query["resolution"], asked[1].Query["points"]));
    }

    [Fact]
    public async Task A_gap_is_as_wide_as_it_was_long()
    {
        await using FakeAgent agent = Agent();
        var (_, output, _) = await FakeAgent.RunAsync("sensor", "history", "attic/air", "--from", "2026-11-20T10:00:00Z", "--to", "2026-11-21T10:00:00Z", "--socket", agent.Socket);
        string heights = output.Split('\n')[1].Split("  min")[0];
        Assert.Equal(60, heights.Length);
        Assert.Equal(57, heights.Count(c => c == ' '));
    }

    [Fact]
    public async Task As_JSON_it_has_gateway_and_points()
    {
        await using FakeAgent agent = Agent();
        var (_, output, _) = await FakeAgent.RunAsync("sensor", "history", "air", "--gateway", "cellar", "--json", "--socket", agent.Socket);
        JsonElement only = Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray());
        Assert.Equal("cellar", only.GetProperty("gateway").GetString());
        Assert.Equal(3, only.GetProperty("history").GetProperty("points").GetArrayLength());
    }

    [Theory]
    [InlineData("--since", "yesterday")]
    [InlineData("--from", "soon")]
    [InlineData("--from", "2026-11-20", "--to", "2026-11-19")]
    [InlineData("--since", "1h", "--from", "2026-11-20")]
    [InlineData("--points", "0")]
    public async Task Times_that_cannot_be_are_refused_before_anything_is_asked(params string[] options)
    {
        await using FakeAgent agent = Agent();
        var (code, _, error) = await FakeAgent.RunAsync([.. (string[])["sensor", "history", "air", "--socket", agent.Socket], .. options]);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("option-malformed", error, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task A_gateway_without_history_says_so_and_the_other_answers()
    {
        await using FakeAgent agent = Agent(path => path.Contains("attic", StringComparison.Ordinal) ? HttpResponse.Problem(Faults.NoSuchSensor.With("air")) : HttpResponse.Json(History, GatewayJson.Default.HistoryDto));
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "history", "air", "--socket", agent.Socket);
        Assert.Equal(0, code);
        Assert.StartsWith("meshiot: attic/air: no-such-sensor:", error, StringComparison.Ordinal);
        Assert.StartsWith("cellar/air", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_puts_the_gateways_into_one_table()
    {
        await using FakeAgent agent = Agent(Csv);
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "export", "air", "--since", "1d", "--socket", agent.Socket);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("gateway,time,sensor,value,unit\r\nattic,2026-11-20T10:00:00.000Z,air,1.5,°C\r\ncellar,2026-11-20T10:00:00.000Z,air,2.5,°C\r\n", output);
    }

    [Fact]
    public async Task As_JSON_each_value_is_a_line()
    {
        await using FakeAgent agent = Agent(Csv);
        var (_, output, _) = await FakeAgent.RunAsync("sensor", "export", "cellar/air", "--json", "--socket", agent.Socket);
        JsonElement value = JsonDocument.Parse(output.TrimEnd('\n')).RootElement;
        Assert.Equal(("cellar", "air", 2.5, "2026-11-20T10:00:00.000Z"),
            (value.GetProperty("gateway").GetString(), value.GetProperty("sensor").GetString(), value.GetProperty("value").GetDouble(), value.GetProperty("time").GetString()));
    }

    [Fact]
    public async Task A_file_is_there_only_when_all_of_it_is()
    {
        await using FakeAgent good = Agent(Csv);
        string path = Path.Combine(good.TempDirectory, "air.csv");
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "export", "air", "-o", path, "--socket", good.Socket);
        Assert.Equal((0, ""), (code, output));
        Assert.Contains("2 values of 2 sensors are in", error, StringComparison.Ordinal);
        Assert.Equal(3, (await File.ReadAllLinesAsync(path)).Length);

        await using FakeAgent broken = Agent(_ => new HttpResponse(200, "text/csv", default)
        {
            Writer = async (body, _) =>
            {
                await body.WriteAsync("time,sensor,value,unit\r\n2026-11-20T10:00:00.000Z,air,1.5,°C\r\n"u8.ToArray());
                throw new IOException("the tunnel is gone");
            },
        });
        string half = Path.Combine(broken.TempDirectory, "half.csv");
        (code, _, error) = await FakeAgent.RunAsync("sensor", "export", "attic/air", "-o", half, "--socket", broken.Socket);
        Assert.NotEqual(0, code);
        Assert.Contains("broke in the middle", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(broken.TempDirectory, "half*"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_clear_fault()
    {
        await using FakeAgent agent = Agent(Csv);
        var (code, _, error) = await FakeAgent.RunAsync("sensor", "export", "air", "-o", "/nonexistent/air.csv", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("output-file-unwritable", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sensor_that_nobody_has_is_named()
    {
        await using FakeAgent agent = Agent();
        var (code, _, error) = await FakeAgent.RunAsync("sensor", "history", "boiler", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.NotFound, code);
        Assert.Contains("boiler", error, StringComparison.Ordinal);
    }
}
