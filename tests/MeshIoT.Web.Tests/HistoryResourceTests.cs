using System;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.History;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Web.Tests;

public sealed class HistoryResourceTests : IDisposable
{
    readonly ManualTime time = new();
    readonly Sampler sampler = new();
    readonly string directory = System.IO.Directory.CreateTempSubdirectory("meshiot-web-").FullName;
    readonly HistoryStore store;
    HistoryStore? shown;

    public HistoryResourceTests() => shown = store = HistoryStore.Open(System.IO.Path.Combine(directory, "history.db"), new HistoryOptions { Zone = TimeZoneInfo.Utc, SortBytes = 2000 }, time);

    public void Dispose()
    {
        store.Dispose();
        sampler.Dispose();
        System.IO.Directory.Delete(directory, recursive: true);
    }

    Loopback Serve() => new(new GatewayApi(new GatewayContext { Name = () => "greenhouse", Sampler = sampler, Time = time, History = () => shown }).HandleAsync);

    void Fill(string id, string unit, int count)
    {
        for (int i = 0; i < count; i++)
        {
            store.Add([new Reading(new SensorDescription(id, id, "sim", "temperature", unit), i / 10.0, time.GetUtcNow().ToUnixTimeMilliseconds(), Quality.Good)]);
            time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task A_series_has_its_unit_its_step_and_the_smallest_and_the_largest()
    {
        Fill("a", "°C", 8640);
        await using Loopback server = Serve();
        HistoryDto all = JsonSerializer.Deserialize(await server.Http.GetByteArrayAsync("/api/v1/sensors/a/history?points=100"), GatewayJson.Default.HistoryDto)!;
        Assert.Equal(("a", "°C", "quarter-hour", 900_000), (all.Sensor, all.Unit, all.Resolution, all.StepMs));
        Assert.InRange(all.Points.Count, 96, 100);
        Assert.Equal((0, 863.9, 8640), (all.Points.Min(p => p.Min), all.Points.Max(p => p.Max), all.Points.Sum(p => p.Count)));
        HistoryDto raw = JsonSerializer.Deserialize(await server.Http.GetByteArrayAsync("/api/v1/sensors/a/history?from=10m&resolution=raw"), GatewayJson.Default.HistoryDto)!;
        Assert.Equal(59, raw.Points.Count);
        Assert.Equal((0, 863.9), (raw.StepMs, raw.Points[^1].Mean));
        string one = await server.Http.GetStringAsync("/api/v1/sensors/a/history?from=10s");
        Assert.Contains("\"points\":[{\"t\":", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_holds_every_value_once_and_in_order_for_several_sensors()
    {
        Fill("a", "°C", 10_000);
        Fill("b", "m,s", 10);
        await using Loopback server = Serve();
        string[] lines = (await server.Http.GetStringAsync("/api/v1/history.csv?sensor=a,b&from=0")).Split("\r\n");
        Assert.Equal("time,sensor,value,unit", lines[0]);
        Assert.Equal("2026-11-23T12:00:10.000Z,a,0.1,°C", lines[2]);
        Assert.Equal(10_012, lines.Length);
        Assert.EndsWith(",b,0.9,\"m,s\"", lines[^2], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => i / 10.0), lines[1..10_001].Select(l => double.Parse(l.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture)));
        string[] hours = (await server.Http.GetStringAsync("/api/v1/sensors/a/history.csv?from=0&to=4000000000000&resolution=hour&zone=Europe/Berlin")).Split("\r\n");
        Assert.Equal("time,sensor,min,mean,max,count,unit", hours[0]);
        Assert.Equal("2026-11-23T13:00:00.000+01:00,a,0,17.95,35.9,360,°C", hours[1]);
        Assert.Equal(30, hours.Length);
    }

    [Theory]
    [InlineData("a/history?points=0", 400)]
    [InlineData("a/history?points=10001", 400)]
    [InlineData("a/history?resolution=second", 400)]
    [InlineData("a/history?from=yesterday", 400)]
    [InlineData("a/history?to=2026-13-01", 400)]
    [InlineData("a/history?from=2030-01-01&to=2029-01-01", 400)]
    [InlineData("a/history?from=-99999999999999999999", 400)]
    [InlineData("a/history?from=-99999999999999&to=99999999999999&resolution=day", 200)]
    [InlineData("a/history?from=1d", 200)]
    [InlineData("nobody/history", 404)]
    [InlineData("a/history.csv?zone=../../../etc/passwd", 400)]
    [InlineData("a/history.csv?zone=Nowhere/Never", 400)]
    [InlineData("a/history.csv?resolution=auto", 400)]
    [InlineData("nobody/history.csv", 404)]
    public async Task What_cannot_be_asked_is_refused(string path, int status)
    {
        Fill("a", "°C", 10);
        await using Loopback server = Serve();
        using HttpResponseMessage answer = await server.Http.GetAsync("/api/v1/sensors/" + path);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_gateway_without_history_says_so()
    {
        shown = null;
        await using Loopback server = Serve();
        using HttpResponseMessage answer = await server.Http.GetAsync("/api/v1/sensors/a/history");
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Contains("history-off", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
