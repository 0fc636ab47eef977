using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Broker;
using MeshIoT.Tests;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Broker;

/// <summary>What outlives a restart of the broker, and what becomes of a file that was damaged.</summary>
public class RestartTests
{
    static BrokerOptions Kept(TemporaryDirectory directory) => new() { StateFile = directory.File("broker.state") };

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task A_lasting_session_finds_what_came_while_it_and_the_broker_were_away(MqttProtocolVersion version)
    {
        using TemporaryDirectory directory = new();
        ConcurrentQueue<string> got = [];
        await using (RunningBroker first = await RunningBroker.StartAsync(Kept(directory)))
        {
            (IMqttClient client, MqttClientConnectResult result) = await first.ClientAsync("client", isClean: false, version, expiry: 3600);
            Assert.False(result.IsSessionPresent);
            await client.SubscribeAsync("t/#", MqttQualityOfServiceLevel.AtLeastOnce);
            await client.SubscribeAsync("fast", MqttQualityOfServiceLevel.AtMostOnce);
            await client.DisconnectAsync();
            for (int i = 0; i < 20; i++)
            {
                await first.Broker.PublishAsync("t/x", Encoding.ASCII.GetBytes($"{i}"), retain: false, qos: 1);
                await first.Broker.PublishAsync("fast", "not kept"u8.ToArray(), retain: false, qos: 1);
            }
        }

        await using RunningBroker second = await RunningBroker.StartAsync(Kept(directory));
        await second.Broker.PublishAsync("t/x", "20"u8.ToArray(), retain: false, qos: 1);
        (IMqttClient again, MqttClientConnectResult back) = await second.ClientAsync("client", isClean: false, version, expiry: 3600, received: m => got.Enqueue(BrokerTests.Text(m)));
        Assert.True(back.IsSessionPresent);
        await RunningBroker.UntilAsync(() => got.Count >= 21, "all that waited");
        await again.PingAsync();
        Assert.Equal(Enumerable.Range(0, 21).Select(i => $"{i}"), got);
        await second.Broker.PublishAsync("fast", "live"u8.ToArray(), retain: false, qos: 0);
        await RunningBroker.UntilAsync(() => got.Contains("live"), "the other subscription");
    }

    [Fact]
    public async Task What_was_acknowledged_does_not_come_again()
    {
        using TemporaryDirectory directory = new();
        await using (RunningBroker first = await RunningBroker.StartAsync(Kept(directory)))
        {
            using RawClient client = await first.RawAsync();
            await client.EnterAsync(RawClient.Connect("client", flags: 0));
            await client.SendAsync(RawClient.Subscribe("t", qos: 1));
            await client.ReadAsync();
            for (int i = 0; i < 4; i++)
            {
                await first.Broker.PublishAsync("t", new[] { (byte)i }, retain: false, qos: 1);
                (byte Header, byte[] Body) packet = (await client.ReadAsync())!.Value;
                if (i % 2 == 0)
                {
                    await client.SendAsync(0x40, 2, packet.Body[3], packet.Body[4]);
                }
            }

            await client.SendAsync(0xC0, 0);
            Assert.Equal(0xD0, (await client.ReadAsync())!.Value.Header);
        }

        await using RunningBroker second = await RunningBroker.StartAsync(Kept(directory));
        using RawClient again = await second.RawAsync();
        await again.SendAsync(RawClient.Connect("client", flags: 0));
        Assert.Equal([1, 0], (await again.ReadAsync())!.Value.Body);
        Assert.Equal(1, (await again.ReadAsync())!.Value.Body[^1]);
        Assert.Equal(3, (await again.ReadAsync())!.Value.Body[^1]);
        await again.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await again.ReadAsync())!.Value.Header);
    }

    [Fact]
    public async Task Retained_messages_of_clients_are_kept_and_those_of_the_gateway_are_not()
    {
        using TemporaryDirectory directory = new();
        await using (RunningBroker first = await RunningBroker.StartAsync(Kept(directory)))
        {
            (IMqttClient client, _) = await first.ClientAsync("client");
            await client.PublishStringAsync("theirs", "x", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
            first.Broker.Publish("ours", "y"u8.ToArray(), retain: true);
        }

        await using RunningBroker second = await RunningBroker.StartAsync(Kept(directory));
        ConcurrentQueue<string> got = [];
        (IMqttClient reader, _) = await second.ClientAsync("reader", received: m => got.Enqueue(m.Topic));
        await reader.SubscribeAsync("#");
        await reader.PingAsync();
        await RunningBroker.UntilAsync(() => !got.IsEmpty, "the retained message");
        Assert.Equal(["theirs"], got);
    }

    [Fact]
    public async Task Changes_are_written_in_batches_and_nothing_at_rest()
    {
        using TemporaryDirectory directory = new();
        ManualTime time = new();
        BrokerOptions options = Kept(directory);
        await using RunningBroker running = await RunningBroker.StartAsync(options, time: time);
        (IMqttClient client, _) = await running.ClientAsync("client", isClean: false, expiry: 100_000);
        await client.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        await client.PublishStringAsync("state", "x", MqttQualityOfServiceLevel.AtLeastOnce, retain: true);
        Assert.False(File.Exists(options.StateFile));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(File.Exists(options.StateFile));
        await client.DisconnectAsync();
        await RunningBroker.UntilAsync(() => running.Broker.Counters.Connections == 0, "the client has left");
        time.Advance(TimeSpan.FromSeconds(6));
        DateTime written = File.GetLastWriteTimeUtc(options.StateFile!);
        File.Delete(options.StateFile!);
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(File.Exists(options.StateFile));

        // What waits for who is away may wait a quarter of an hour for the disk.
        await running.Broker.PublishAsync("t", "x"u8.ToArray(), retain: false, qos: 1);
        await running.Broker.PublishAsync("own", "x"u8.ToArray(), retain: true, qos: 1);
        time.Advance(TimeSpan.FromMinutes(14));
        Assert.False(File.Exists(options.StateFile));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(File.Exists(options.StateFile));
        Assert.NotEqual(default, written);
    }

    [Fact]
    public async Task A_session_ends_after_its_time()
    {
        ManualTime time = new();
        await using RunningBroker running = await RunningBroker.StartAsync(time: time);
        (IMqttClient client, _) = await running.ClientAsync("client", isClean: false, expiry: 100);
        await client.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        await client.DisconnectAsync();
        await RunningBroker.UntilAsync(() => running.Broker.Counters.Connections == 0, "the client has left");
        time.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal(1, running.Broker.Sessions);
        time.Advance(TimeSpan.FromSeconds(2));
        await RunningBroker.UntilAsync(() => running.Broker.Sessions == 0, "the session is over");
    }

    [Fact]
    public async Task A_damaged_file_is_put_aside_and_said()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory.File("broker.state"), "nonsense");
        MqttBroker broker = new(Kept(directory), AccessList.Open, TimeProvider.System);
        List<string> said = [];
        broker.Faulted += (topic, fault) => said.Add(topic + " " + fault?.Fault.Code);
        await broker.StartAsync();
        Assert.Equal(["mqtt:state mqtt-state-unusable"], said);
        Assert.Equal("nonsense", File.ReadAllText(directory.File("broker.state.damaged")));
        await broker.DisposeAsync();
    }

    [Fact]
    public void Every_flipped_bit_of_a_file_is_noticed()
    {
        BrokerState state = new(
            [new RetainedEntry("a/b", new ReadOnlySequence<byte>([1, 2, 3]), 1, false)],
            [new KeptSession("id", "user", 3600, 1_700_000_000_000, [new KeptSubscription("t/#", 1, true, false)], [new WaitingMessage("t", new ReadOnlySequence<byte>([9]), 1)])]);
        byte[] good = BrokerStateFile.Write(state, 1_000_000);
        BrokerState read = BrokerStateFile.Read(good)!;
        Assert.Equal("a/b", read.Retained[0].Topic);
        Assert.Equal("t/#", read.Sessions[0].Subscriptions[0].Filter);
        Assert.True(read.Sessions[0].Subscriptions[0].NoLocal);
        Assert.Equal(new byte[] { 9 }, read.Sessions[0].Waiting[0].Payload.ToArray());
        Gen.Int[0, (good.Length * 8) - 1].Sample(bit =>
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            return BrokerStateFile.Read(bad) is null;
        });
        Gen.Int[0, good.Length - 1].Sample(length => BrokerStateFile.Read(good[..length]) is null);
        Gen.Byte.Array[0, 300].Sample(bytes => BrokerStateFile.Read(bytes) is null);
    }

    [Fact]
    public void A_file_that_would_be_too_large_leaves_the_oldest_out()
    {
        List<WaitingMessage> waiting = [.. Enumerable.Range(0, 100).Select(i => new WaitingMessage("t", new ReadOnlySequence<byte>(new byte[1000 + i]), 1))];
        byte[] bytes = BrokerStateFile.Write(new BrokerState([], [new KeptSession("id", "", 10, 0, [], waiting)]), 50_000);
        Assert.InRange(bytes.Length, 40_000, 50_000);
        IReadOnlyList<WaitingMessage> left = BrokerStateFile.Read(bytes)!.Sessions[0].Waiting;
        Assert.Equal(1099, left[^1].Payload.Length);
    }
}
