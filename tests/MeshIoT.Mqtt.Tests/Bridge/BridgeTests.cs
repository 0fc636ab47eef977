using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Mqtt.Topics;
using MeshIoT.Sensors;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Bridge;

/// <summary>What a bridge says when it comes, and what it takes.</summary>
public class BridgeTests
{
    static readonly BridgeOptions Mapped = BridgedGateway.Options with
    {
        Discovery = true, TakesCommands = true, In = ["plant/7/in/#"], Map = [new TopicPair("meshiot/home/", "plant/7/"), new TopicPair("in/", "plant/7/in/")],
    };

    static bool Has(FakeBroker broker, string topic, Func<string, bool>? payload = null) => broker.Snapshot().Exists(m => m.Topic == topic && (payload?.Invoke(m.Payload) ?? true));

    [Fact]
    public async Task It_says_how_things_are_first_under_the_names_of_there()
    {
        FakeBroker broker = new() { IsReachable = true };
        await using BridgedGateway gateway = new(broker, new ManualTime()) { Latest = [new Reading(BridgedGateway.Sensor(1), 1, 0, Quality.Good)] };
        await gateway.Gateway.UseAsync(null, [Mapped]);
        await gateway.TurnUntilAsync(() => Has(broker, "homeassistant/device/meshiot_barn_s1/config"), 10, "it is announced");
        Assert.Equal(("plant/7/barn/status", "online", true), broker.Snapshot()[0]);
        Assert.Equal("plant/7/barn/status", broker.Plan!.WillTopic);
        Assert.Equal("offline", Encoding.ASCII.GetString(broker.Plan.WillPayload));
        Assert.Equal("meshiot-home-barn-cloud", broker.Plan.ClientId);
        Assert.True(Has(broker, "homeassistant/device/meshiot_barn_s1/config", p => p.Contains("\"plant/7/barn/s1/temperature\"", StringComparison.Ordinal)));
        Assert.Equal(["plant/7/in/#", "plant/7/barn/+/+/set", "homeassistant/status"], broker.Subscriptions);

        int before = broker.Count;
        broker.Current!.Say("homeassistant/status", "online");
        await gateway.TurnUntilAsync(() => broker.Count >= before + 4, 10, "all of it is said again");
    }

    [Fact]
    public async Task Commands_come_in_only_where_they_are_wanted_and_never_retained()
    {
        FakeBroker broker = new() { IsReachable = true };
        await using BridgedGateway gateway = new(broker, new ManualTime());
        await gateway.Gateway.UseAsync(null, [Mapped]);
        await gateway.TurnUntilAsync(() => broker.Current is not null, 10, "it is connected");
        broker.Current!.Say("plant/7/barn/pump/switch/set", "OFF", retain: true);
        broker.Current.Say("plant/7/other/pump/switch/set", "OFF");
        broker.Current.Say("plant/7/barn/pump/level/set", "1");
        broker.Current.Say("plant/7/barn/pump/switch/set", "2");
        broker.Current.Say("plant/7/barn/pump/switch/set", new string('1', 1000));
        broker.Current.Say("plant/7/barn/pump/switch/set", "ON");
        await gateway.TurnUntilAsync(() => gateway.Outputs.Find("pump")!.Value == 1, 10, "the command arrives");
        Assert.Equal("mqtt: bridge cloud", gateway.Outputs.Find("pump")!.Who);

        await gateway.Gateway.UseAsync(null, [Mapped with { TakesCommands = false, In = ["#"] }]);
        await gateway.TurnUntilAsync(() => broker.Subscriptions.Contains("#"), 10, "it is connected again");
        broker.Current.Say("plant/7/barn/pump/switch/set", "OFF");
        await gateway.RestAsync();
        Assert.Equal(1, gateway.Outputs.Find("pump")!.Value);
    }

    [Fact]
    public async Task A_sensor_that_goes_is_taken_back_also_after_a_restart()
    {
        using TemporaryDirectory directory = new();
        FakeBroker broker = new() { IsReachable = true };
        ManualTime time = new();
        Reading one = new(BridgedGateway.Sensor(1), 1, 0, Quality.Good), two = new(BridgedGateway.Sensor(2), 1, 0, Quality.Good), three = new(BridgedGateway.Sensor(3), 1, 0, Quality.Good);
        await using (BridgedGateway first = new(broker, time, directory) { Latest = [one, two, three] })
        {
            await first.Gateway.UseAsync(null, [BridgedGateway.Options with { Discovery = true }]);
            await first.TurnUntilAsync(() => Has(broker, "homeassistant/device/meshiot_barn_s3/config"), 10, "all are announced");
            first.Latest = [two, three];
            first.Gateway.SensorsChanged();
            await first.TurnUntilAsync(() => Has(broker, "homeassistant/device/meshiot_barn_s1/config", p => p.Length == 0), 10, "the first is taken back");
        }

        await using BridgedGateway second = new(broker, time, directory) { Latest = [three] };
        await second.Gateway.UseAsync(null, [BridgedGateway.Options with { Discovery = true }]);
        await second.TurnUntilAsync(() => Has(broker, "homeassistant/device/meshiot_barn_s2/config", p => p.Length == 0), 10, "the second is taken back");
        Assert.False(Has(broker, "homeassistant/device/meshiot_barn_s3/config", p => p.Length == 0));
    }

    [Fact]
    public async Task It_says_goodbye_and_a_reload_that_changes_nothing_disturbs_nothing()
    {
        FakeBroker broker = new() { IsReachable = true };
        await using BridgedGateway gateway = new(broker, new ManualTime());
        await gateway.Gateway.UseAsync(null, [Mapped]);
        await gateway.TurnUntilAsync(() => broker.Count > 0, 10, "it is connected");
        int tries = broker.Tries;
        await gateway.Gateway.UseAsync(null, [Mapped with { Map = [.. Mapped.Map], In = [.. Mapped.In] }]);
        await gateway.RestAsync();
        Assert.Equal(tries, broker.Tries);
        await gateway.Gateway.UseAsync(null, []);
        Assert.Equal(("plant/7/barn/status", "offline", true), broker.Snapshot()[^1]);
        Assert.Empty(gateway.Gateway.Bridges);
    }

    [Fact]
    public async Task Sparkplug_begins_with_births_and_takes_a_rebirth()
    {
        FakeBroker broker = new() { IsReachable = true };
        await using BridgedGateway gateway = new(broker, new ManualTime()) { Latest = [new Reading(BridgedGateway.Sensor(1), 1, 0, Quality.Good)] };
        await gateway.Gateway.UseAsync(null, [BridgedGateway.Options with { IsSparkplug = true }]);
        await gateway.TurnUntilAsync(() => broker.Count >= 3, 10, "the births");
        Assert.Equal("spBv1.0/home/NDEATH/barn", broker.Plan!.WillTopic);
        Assert.False(broker.Plan.WillRetain);
        gateway.Gateway.Take([new Reading(BridgedGateway.Sensor(1), 2, gateway.Time.GetUtcNow().ToUnixTimeMilliseconds(), Quality.Good)]);
        await gateway.TurnUntilAsync(() => broker.Count >= 4, 10, "the value");
        Assert.Equal(["spBv1.0/home/NBIRTH/barn", "spBv1.0/home/DBIRTH/barn/s1", "spBv1.0/home/DBIRTH/barn/pump", "spBv1.0/home/DDATA/barn/s1"], broker.Snapshot().Select(m => m.Topic));
        Assert.Equal(["spBv1.0/home/NCMD/barn"], broker.Subscriptions);
    }

    [Theory]
    [InlineData("meshiot/home/barn/x/t", "plant/7/barn/x/t")]
    [InlineData("other/x", "other/x")]
    [InlineData("in/x", "plant/7/in/x")]
    public void Names_are_exchanged_both_ways(string here, string there)
    {
        TopicMap map = new(Mapped.Map);
        Assert.Equal(there, map.Out(here));
        Assert.Equal(here, map.In(there));
    }

    [Fact]
    public void A_reading_is_read_as_it_was_written()
    {
        byte[] payload = ReadingJson.Write(21.5, "°C", 1_763_632_800_123, Quality.Good);
        Assert.Equal("{\"v\":21.5,\"u\":\"°C\",\"t\":\"2025-11-20T10:00:00.123Z\",\"q\":\"good\"}", Encoding.UTF8.GetString(payload));
        Assert.True(ReadingJson.TryRead(payload, out double? value, out long unixMs, out bool isGood));
        Assert.Equal((21.5, 1_763_632_800_123, true), (value, unixMs, isGood));
        Assert.False(ReadingJson.TryRead("{\"v\":"u8, out _, out _, out _));
        Assert.False(ReadingJson.TryRead("[]"u8, out _, out _, out _));
    }

    [Theory]
    [InlineData("meshiot/home/barn/pump/relay/set", true)]
    [InlineData("meshiot/home/barn/pump/relay", false)]
    [InlineData("meshiot/home/barn/pump/relay/set/x", false)]
    [InlineData("meshiot/home/barnpump/relay/set", false)]
    [InlineData("meshiot/home/barn//relay/set", false)]
    public void Command_topics_are_known(string topic, bool isCommand) => Assert.Equal(isCommand, new GatewayTopics("home", "barn").TryCommand(topic, out _, out _));

    [Fact]
    public void A_site_or_a_gateway_cannot_break_out_of_its_level() => Assert.Equal("meshiot/a_b__/c_", new GatewayTopics("a/b+#", "c/").Prefix);
}
