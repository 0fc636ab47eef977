using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Health;
using MeshIoT.Node;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Simulated;
using MeshIoT.Tests;
using MeshIoT.Web.Metrics;
using Xunit;

namespace MeshIoT.Web.Tests;

public class MetricsTests
{
    readonly ManualTime time = new();

    static NodeStatus Status() => new()
    {
        BackendState = BackendState.Running,
        Self = new SelfStatus("greenhouse.tail.example", "greenhouse", [IPAddress.Parse("100.64.0.1")], "nodekey:00", []),
        Peers =
        [
            new PeerStatus { Name = "a.tail.example", HostName = "a", Addresses = [], NodeKey = "nodekey:01", Online = true, Endpoint = new IPEndPoint(IPAddress.Loopback, 1), Active = true },
            new PeerStatus { Name = "b.tail.example", HostName = "b", Addresses = [], NodeKey = "nodekey:02", Online = false },
        ],
        Health = [Faults.NoSuchPath.With("x")],
        HomeRelay = new RelayStatus(7, "mesh", "", true),
        KeyExpiry = new ManualTime().GetUtcNow().AddDays(3),
    };

    async Task<MetricsText> AskAsync(Sampler sampler)
    {
        GatewayApi api = new(new GatewayContext
        {
            Name = () => "green\"house\\", Sampler = sampler, Time = time, Version = "1.2.3", Node = Status,
            Traffic = () => new NodeTraffic([new PathTraffic("derp", 1, 2, 3, 4), new PathTraffic("direct_ipv4", 5, 6, 7, 8)], [new PacketDrops(true, "acl", 9)], [new OffloadState("tun-tcp", true), new OffloadState("udp-gso", false)]),
        });
        await using Loopback server = new(api.HandleAsync);
        using HttpResponseMessage answer = await server.Http.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return MetricsText.Parse(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_text_keeps_every_rule_of_the_format_and_holds_what_it_should()
    {
        Sampler sampler = new(SimulatedSensor.Greenhouse(), TimeSpan.FromSeconds(10));
        sampler.Sample(time.GetUtcNow().ToUnixTimeMilliseconds());
        time.Advance(TimeSpan.FromSeconds(4));
        MetricsText text = await AskAsync(sampler);
        Dictionary<string, string> air = new() { ["gateway"] = "green\"house\\", ["sensor"] = "sim.air_temperature" };
        Assert.InRange(text.Value("meshiot_sensor_temperature_celsius", air), 17, 25);
        Assert.InRange(text.Value("meshiot_sensor_humidity_ratio", new() { ["gateway"] = "green\"house\\", ["sensor"] = "sim.air_humidity" }), 0.45, 0.75);
        Assert.Equal(4, text.Value("meshiot_sensor_age_seconds", air));
        Assert.Equal(1, text.Value("meshiot_sensor_up", air));
        Assert.Equal(1, text.Value("meshiot_build_info", new() { ["version"] = "1.2.3" }));
        Assert.Equal(2, text.Value("meshiot_inbound_bytes_total", new() { ["path"] = "derp" }));
        Assert.Equal(9, text.Value("meshiot_inbound_dropped_packets_total", new() { ["reason"] = "acl" }));
        Assert.Equal(1, text.Value("meshiot_offload_active", new() { ["offload"] = "tun-tcp" }));
        Assert.Equal(0, text.Value("meshiot_offload_active", new() { ["offload"] = "udp-gso" }));
        Assert.Equal(7, text.Value("meshiot_home_derp_region_id", []));
        Assert.Equal(1, text.Value("meshiot_peers", new() { ["state"] = "direct" }));
        Assert.Equal(1, text.Value("meshiot_health_messages", new() { ["type"] = "warning" }));
        Assert.Equal(259_196, text.Value("meshiot_key_expiry_seconds", []));
        Assert.True(text.Value("process_resident_memory_bytes", []) > 1e6);
    }

    [Fact]
    public async Task A_value_that_is_not_good_is_not_given_but_its_age_is()
    {
        Sampler sampler = new(SimulatedSensor.Greenhouse(), TimeSpan.FromSeconds(10));
        sampler.Sample(time.GetUtcNow().ToUnixTimeMilliseconds());
        time.Advance(TimeSpan.FromMinutes(5));
        MetricsText text = await AskAsync(sampler);
        Assert.DoesNotContain("meshiot_sensor_temperature_celsius", text.Names);
        Dictionary<string, string> air = new() { ["gateway"] = "green\"house\\", ["sensor"] = "sim.air_temperature" };
        Assert.Equal(300, text.Value("meshiot_sensor_age_seconds", air));
        Assert.Equal(0, text.Value("meshiot_sensor_up", air));
    }

    [Fact]
    public async Task Without_sensors_there_is_no_empty_family() => Assert.DoesNotContain("meshiot_sensor_up", (await AskAsync(new Sampler())).Names);

    [Fact]
    public void Any_label_survives_the_format() => Gen.String.Sample(label =>
    {
        string expected = label.Replace("\r", "", StringComparison.Ordinal);
        MetricWriter writer = new();
        writer.Family("x_total", "counter", expected);
        writer.Sample(1.5, ("l", expected));
        MetricsText text = MetricsText.Parse(System.Text.Encoding.UTF8.GetString(writer.ToBytes()));
        Assert.Contains("x_total", text.Names);
    });

    [Theory]
    [InlineData("°F", 68, "celsius", 20)]
    [InlineData("%", 45, "ratio", 0.45)]
    [InlineData("hPa", 1013.25, "pascals", 101_325)]
    [InlineData("kWh", 1, "joules", 3_600_000)]
    [InlineData("µg/m³", 12, "microg_per_m", 12)]
    [InlineData("", 3, "", 3)]
    public void Units_become_base_units(string unit, double value, string word, double expected)
    {
        (string found, double factor, double summand) = BaseUnits.Of(unit);
        Assert.Equal(word, found);
        Assert.Equal(expected, (value * factor) + summand, 6);
    }
}
