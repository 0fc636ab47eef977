using System;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Simulated;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Web.Tests;

public class GatewayApiTests
{
    readonly ManualTime time = new();
    readonly Sampler sampler = new(SimulatedSensor.Greenhouse(), TimeSpan.FromSeconds(10));

    Loopback Serve() => new(new GatewayApi(() => "greenhouse", sampler, time).HandleAsync);

    [Fact]
    public async Task The_list_holds_value_unit_time_and_quality_of_every_sensor()
    {
        sampler.Sample(time.GetUtcNow().ToUnixTimeMilliseconds());
        await using Loopback server = Serve();
        SensorListDto list = JsonSerializer.Deserialize(await server.Http.GetByteArrayAsync("/api/v1/sensors"), GatewayJson.Default.SensorListDto)!;
        Assert.Equal("greenhouse", list.Gateway);
        SensorDto air = list.Sensors[0];
        Assert.Equal(("sim.air_temperature", "°C", "good", true), (air.Id, air.Unit, air.Quality, air.Simulated));
        Assert.Equal(time.GetUtcNow(), air.Time);
        Assert.NotNull(air.Value);
    }

    [Fact]
    public async Task One_sensor_is_read_by_its_id_and_an_unknown_one_is_a_clear_404()
    {
        await using Loopback server = Serve();
        Assert.Contains("\"quality\":\"none\"", await server.Http.GetStringAsync("/api/v1/sensors/sim.air_humidity"), StringComparison.Ordinal);
        using HttpResponseMessage missing = await server.Http.GetAsync("/api/v1/sensors/nope");
        Assert.Equal(404, (int)missing.StatusCode);
        Assert.Contains("meshiot sensor list", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_can_be_changed_here()
    {
        await using Loopback server = Serve();
        using HttpResponseMessage answer = await server.Http.DeleteAsync("/api/v1/sensors");
        Assert.Equal(405, (int)answer.StatusCode);
    }
}
