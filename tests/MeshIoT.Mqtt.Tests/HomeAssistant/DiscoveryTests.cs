using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using MeshIoT.Mqtt.HomeAssistant;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Chips;
using MeshIoT.Sensors.Wiring;
using Xunit;

namespace MeshIoT.Mqtt.Tests.HomeAssistant;

/// <summary>Announcements against Home Assistant's published rules.</summary>
public class DiscoveryTests
{
    static readonly GatewayTopics Names = new("home", "barn");

    static IReadOnlyDictionary<string, byte[]> Announce(params SensorDescription[] sensors) => new DeviceDiscovery(Names, new DiscoveryOptions(), "0.1.0").Announce(sensors, []);

    static SensorDescription[] Greenhouse =>
    [
        new("greenhouse.temperature", "Greenhouse temperature", "bme280", "temperature", "°C") { Device = "greenhouse", Room = "Garden", Decimals = 1 },
        new("greenhouse.humidity", "Greenhouse humidity", "bme280", "humidity", "%") { Device = "greenhouse", Room = "Garden" },
        new("greenhouse.pressure", "Greenhouse pressure", "bme280", "pressure", "hPa") { Device = "greenhouse", Room = "Garden" },
    ];

    [Fact]
    public void A_device_of_three_values_is_one_message_with_three_components()
    {
        IReadOnlyDictionary<string, byte[]> all = Announce(Greenhouse);
        Assert.Equal(["homeassistant/device/meshiot_barn/config", "homeassistant/device/meshiot_barn_greenhouse/config"], all.Keys.Order());
        Dictionary<string, Dictionary<string, JsonElement>> components = PublishedSchema.Check(all["homeassistant/device/meshiot_barn_greenhouse/config"]);
        Assert.Equal(["humidity", "pressure", "temperature"], components.Keys.Order());
        Dictionary<string, JsonElement> temperature = components["temperature"];
        Assert.Equal("meshiot_barn_greenhouse_temperature", temperature["unique_id"].GetString());
        Assert.Equal("meshiot/home/barn/greenhouse/temperature", temperature["state_topic"].GetString());
        Assert.Equal("temperature", temperature["device_class"].GetString());
        Assert.Equal("°C", temperature["unit_of_measurement"].GetString());
        JsonElement device = JsonDocument.Parse(all["homeassistant/device/meshiot_barn_greenhouse/config"]).RootElement.GetProperty("dev");
        Assert.Equal("Greenhouse", device.GetProperty("name").GetString());
        Assert.Equal("Garden", device.GetProperty("sa").GetString());
        Assert.Equal("meshiot_barn", device.GetProperty("via_device").GetString());
        Assert.Contains("°C", Encoding.UTF8.GetString(all["homeassistant/device/meshiot_barn_greenhouse/config"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_gateway_has_connection_and_problem_and_what_its_machine_is_measured_by()
    {
        byte[] payload = Announce(new SensorDescription("host.cpu_load", "CPU load", "host", "cpu_load", "%"), new SensorDescription("hwmon.soc", "SoC", "hwmon", "temperature", "°C"))
            ["homeassistant/device/meshiot_barn/config"];
        Dictionary<string, Dictionary<string, JsonElement>> components = PublishedSchema.Check(payload);
        Assert.Equal(["connection", "host_cpu_load", "hwmon_soc", "problem"], components.Keys.Order());
        Assert.Equal("meshiot/home/barn/status", components["connection"]["state_topic"].GetString());
        Assert.False(components["host_cpu_load"].ContainsKey("device_class"));
        Assert.Equal("online", JsonDocument.Parse(payload).RootElement.GetProperty("cmps").GetProperty("connection").GetProperty("avty_tpl").GetString());
    }

    [Fact]
    public void Outputs_have_commands()
    {
        IReadOnlyDictionary<string, byte[]> all = new DeviceDiscovery(Names, new DiscoveryOptions(), "0.1.0").Announce(
            [], [new OutputDescription("pump", "Pump", "relay", OutputKind.Switch), new OutputDescription("fan", "Fan", "pwm", OutputKind.Level, "%", 0, 100)]);
        Dictionary<string, JsonElement> pump = PublishedSchema.Check(all["homeassistant/device/meshiot_barn_pump/config"])["switch"];
        Assert.Equal("meshiot/home/barn/pump/switch/set", pump["command_topic"].GetString());
        Assert.Equal("meshiot/home/barn/pump/switch", pump["state_topic"].GetString());
        Assert.Equal("switch", pump["platform"].GetString());
        Assert.Equal(100, PublishedSchema.Check(all["homeassistant/device/meshiot_barn_fan/config"])["level"]["max"].GetDouble());
    }

    [Theory]
    [InlineData("opening", "", "binary_sensor")]
    [InlineData("state", "", "binary_sensor")]
    [InlineData("moisture", "", "binary_sensor")]
    [InlineData("moisture", "%", "sensor")]
    [InlineData("count", "", "sensor")]
    public void What_is_on_or_off_is_a_binary_sensor(string quantity, string unit, string platform) => Assert.Equal(platform, PublishedSchema.Check(
        Announce(new SensorDescription("door", "Door", "gpio-in", quantity, unit))["homeassistant/device/meshiot_barn_door/config"])[quantity]["platform"].GetString());

    [Fact]
    public void Hostile_names_make_no_hostile_topics()
    {
        foreach (string topic in Announce(new SensorDescription("x", "\"}\u0007", "sim", "a/b+#", "\"") { Device = "../+/#" }).Keys)
        {
            Assert.True(Mqtt.Topics.TopicRules.IsName(topic));
            Assert.Equal(4, topic.Split('/').Length);
        }
    }

    public static TheoryData<string> DriverNames => [.. Drivers.All.Where(d => !d.IsOutput).Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(DriverNames))]
    public void Every_value_of_every_driver_has_a_class_and_unit_that_Home_Assistant_takes(string name)
    {
        Driver driver = Drivers.Find(name)!;
        SensorEntry entry = new() { Id = "thing", Driver = name, Options = DriverExamples.OptionsOf(name) };
        using SensorDevice device = driver.Create(entry, new NoWiring());
        foreach (SensorDescription channel in device.Channels)
        {
            foreach (string unit in (string[])[channel.Unit, .. Units.Alternatives(channel.Unit)])
            {
                SensorDescription shown = channel with { Unit = unit };
                PublishedSchema.Check(Announce(shown)[$"homeassistant/device/meshiot_barn_thing/config"]);
            }

            // In the driver's own unit it has its class; in another, such as rain in metres, it may be a number without one.
            Assert.True(!DeviceClasses.Knows(channel.Quantity) || DeviceClasses.Of(channel.Quantity, channel.Unit) is not null, $"{channel.Quantity} in {channel.Unit}");
        }
    }

    [Theory]
    [InlineData("temperature", "°C")]
    [InlineData("humidity", "%")]
    [InlineData("pressure", "hPa")]
    [InlineData("illuminance", "lx")]
    [InlineData("voltage", "V")]
    [InlineData("current", "A")]
    [InlineData("power", "W")]
    [InlineData("carbon_dioxide", "ppm")]
    [InlineData("distance", "mm")]
    public void What_drivers_measure_is_a_class_of_its_own(string quantity, string unit) => Assert.Equal(quantity, DeviceClasses.Of(quantity, unit));

    /// <summary>No hardware: drivers open it when they read.</summary>
    sealed class NoWiring : IWiring
    {
        public string Root => "/nowhere";

        public System.Device.I2c.I2cDevice I2c(int bus, int address) => new NoBus();

        public System.Device.Spi.SpiDevice Spi(System.Device.Spi.SpiConnectionSettings settings) => throw new NotSupportedException("no SPI here");

        public System.Device.Gpio.GpioController Gpio(string chip) => throw new NotSupportedException("no GPIO here");

        sealed class NoBus : System.Device.I2c.I2cDevice
        {
            public override System.Device.I2c.I2cConnectionSettings ConnectionSettings => new(1, 0x10);

            public override void Read(Span<byte> buffer) => throw new System.IO.IOException("nobody answers");

            public override void Write(ReadOnlySpan<byte> buffer) => throw new System.IO.IOException("nobody answers");

            public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new System.IO.IOException("nobody answers");
        }
    }
}
