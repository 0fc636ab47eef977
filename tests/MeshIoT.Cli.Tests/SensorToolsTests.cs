using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Cli.Tests;

/// <summary>meshiot sensor scan, test and drivers: what they print and how they end.</summary>
[Collection("console")]
public class SensorToolsTests
{
    static readonly ScanDto Found = new(
        ["i2c-1"],
        [
            new() { Bus = "i2c-1", Address = 0x3C, State = "likely", Driver = "ssd1306", IsOutput = true, Id = "ssd1306" },
            new() { Bus = "i2c-1", Address = 0x44, State = "configured", Id = "air" },
            new() { Bus = "i2c-1", Address = 0x57, State = "unknown" },
            new() { Bus = "i2c-1", Address = 0x68, State = "kernel", Note = "ds3231" },
            new() { Bus = "i2c-1", Address = 0x76, State = "new", Driver = "bme280", Id = "bme280-2" },
            new() { Bus = "w1", State = "kernel", Id = "w1.28-03", Note = "read without an entry" },
        ],
        []);

    [Fact]
    public async Task A_scan_prints_entries_that_the_configuration_can_take()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Json(Found, GatewayJson.Default.ScanDto));
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "scan", "--bus", "i2c-1", "--socket", agent.Socket);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("POST /localapi/v0/sensors/scan {\"buses\":[\"i2c-1\"]}", Assert.Single(agent.Asked));
        Assert.Equal(
            """
            # i2c-1 0x3C: ssd1306 by its address; it cannot be asked
            [display]
            driver = "ssd1306"
            bus = "i2c-1"
            address = 0x3C

            # i2c-1 0x44: air, configured already
            # i2c-1 0x57: something that no driver knows
            # i2c-1 0x68: ds3231, read by the kernel
            # i2c-1 0x76: bme280
            [[sensor]]
            id = "bme280-2"
            driver = "bme280"
            bus = "i2c-1"
            address = 0x76

            # w1: w1.28-03, read without an entry

            """, output);
    }

    [Fact]
    public async Task A_scan_without_buses_or_with_a_stuck_one_says_what_to_do()
    {
        await using FakeAgent none = new(_ => HttpResponse.Json(new ScanDto([], [], []), GatewayJson.Default.ScanDto));
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "scan", "--socket", none.Socket);
        Assert.Equal((0, ""), (code, output));
        Assert.Contains("raspi-config", error, StringComparison.Ordinal);
        await using FakeAgent stuck = new(_ => HttpResponse.Json(new ScanDto(["i2c-1"], [], [new("bus-unusable", "high", "The bus is stuck.", "Mend it.")]), GatewayJson.Default.ScanDto));
        (code, _, error) = await FakeAgent.RunAsync("sensor", "scan", "--socket", stuck.Socket);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("bus-unusable: The bus is stuck. Next: Mend it.", error, StringComparison.Ordinal);
    }

    static TrialDto Trial(params TrialRunDto[] runs) => new("air", "sht3x", "i2c-1", runs);

    static TrialRunDto Good(double ms) => new(ms, [new("air.temperature", 25.001, "°C", 78.8, "°F"), new("air.humidity", 50, "%", 50, "%")], null);

    [Fact]
    public async Task A_test_shows_raw_value_and_time_of_each_reading()
    {
        await using FakeAgent agent = new(_ => HttpResponse.Json(Trial(Good(17.25), Good(17)), GatewayJson.Default.TrialDto));
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "test", "air", "-n", "2", "--socket", agent.Socket);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("POST /localapi/v0/sensors/test {\"id\":\"air\",\"times\":2}", Assert.Single(agent.Asked));
        Assert.StartsWith("air: driver sht3x on i2c-1\n", output, StringComparison.Ordinal);
        Assert.Contains("1        17.3 ms  air.temperature  25.001 °C  78.8 °F\n", output, StringComparison.Ordinal);
        (_, output, _) = await FakeAgent.RunAsync("sensor", "test", "air", "--json", "--socket", agent.Socket);
        Assert.Equal(17.25, JsonDocument.Parse(output).RootElement.GetProperty("runs")[0].GetProperty("milliseconds").GetDouble());
    }

    [Fact]
    public async Task A_test_that_ends_badly_says_the_fault_once_with_the_next_step()
    {
        TrialRunDto bad = new(1, [new("air.temperature", null, "°C", null, "°F")], new("sensor-silent", "medium", "The sensor air cannot be read.", "Check its wiring."));
        await using FakeAgent agent = new(_ => HttpResponse.Json(Trial(Good(17), bad, bad), GatewayJson.Default.TrialDto));
        var (code, output, error) = await FakeAgent.RunAsync("sensor", "test", "air", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("air.temperature  -          -", output, StringComparison.Ordinal);
        Assert.Equal("meshiot: sensor-silent: The sensor air cannot be read. (2 of 3 readings) Next: Check its wiring.\n", error);
    }

    [Fact]
    public async Task Drivers_are_listed_and_one_of_them_with_its_options()
    {
        DriversDto all = new(
        [
            new() { Name = "ads1115", Summary = "four voltages", Bus = "i2c", Addresses = [0x48, 0x49, 0x4A, 0x4B], Options = new Dictionary<string, string> { ["gain"] = "1 or 2" } },
            new() { Name = "sim", Summary = "a wave", Bus = "" },
        ]);
        await using FakeAgent agent = new(_ => HttpResponse.Json(all, GatewayJson.Default.DriversDto));
        var (_, output, _) = await FakeAgent.RunAsync("sensor", "drivers", "--socket", agent.Socket);
        Assert.Equal("Driver   Bus  Addresses         Summary\nads1115  i2c  0x48 0x49 0x4A …  four voltages\nsim      -    -                 a wave\n", output);
        (_, output, _) = await FakeAgent.RunAsync("sensor", "drivers", "ads1115", "--socket", agent.Socket);
        Assert.EndsWith("four voltages\n  gain: 1 or 2\n", output, StringComparison.Ordinal);
        var (code, _, error) = await FakeAgent.RunAsync("sensor", "drivers", "ads1114", "--socket", agent.Socket);
        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("driver-unknown", error, StringComparison.Ordinal);
    }
}
