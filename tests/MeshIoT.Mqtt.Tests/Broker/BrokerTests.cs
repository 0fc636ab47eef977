using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Mqtt.Broker;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Broker;

/// <summary>What every client may expect of a broker, with a library's client and with bytes.</summary>
public class BrokerTests
{
    internal static string Text(MqttApplicationMessage message) => Encoding.UTF8.GetString(message.Payload.ToArray());

    static MqttApplicationMessage Message(string topic, string payload, int qos, bool retain = false) =>
        new() { Topic = topic, PayloadSegment = Encoding.UTF8.GetBytes(payload), QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos, Retain = retain };

    [Theory]
    [InlineData(MqttProtocolVersion.V311, 0)]
    [InlineData(MqttProtocolVersion.V311, 1)]
    [InlineData(MqttProtocolVersion.V311, 2)]
    [InlineData(MqttProtocolVersion.V500, 0)]
    [InlineData(MqttProtocolVersion.V500, 1)]
    [InlineData(MqttProtocolVersion.V500, 2)]
    public async Task Messages_arrive_in_order_and_once(MqttProtocolVersion version, int qos)
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        ConcurrentQueue<string> got = [];
        (IMqttClient reader, _) = await running.ClientAsync("reader", version: version, received: m => got.Enqueue(Text(m)));
        (IMqttClient writer, _) = await running.ClientAsync("writer", version: version);
        await reader.SubscribeAsync("a/#", (MqttQualityOfServiceLevel)qos);
        for (int i = 0; i < 300; i++)
        {
            await writer.PublishAsync(Message("a/b", $"{i}", qos));
        }

        await RunningBroker.UntilAsync(() => got.Count >= 300, "300 messages");
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), got);
        reader.Dispose();
        writer.Dispose();
    }

    [Fact]
    public async Task A_retained_message_waits_for_who_comes_later_until_it_is_emptied()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        (IMqttClient writer, _) = await running.ClientAsync("writer");
        await writer.PublishAsync(Message("state", "on", 1, retain: true));
        running.Broker.Publish("own", "1"u8.ToArray(), retain: true);
        ConcurrentQueue<MqttApplicationMessage> got = [];
        (IMqttClient reader, _) = await running.ClientAsync("reader", received: got.Enqueue);
        await reader.SubscribeAsync("#");
        await RunningBroker.UntilAsync(() => got.Count == 2, "both retained messages");
        Assert.All(got, m => Assert.True(m.Retain));
        await writer.PublishAsync(Message("state", "", 1, retain: true));
        running.Broker.Publish("own", ReadOnlyMemory<byte>.Empty, retain: true);
        (IMqttClient later, _) = await running.ClientAsync("later", received: m => Assert.Fail("nothing is retained any more: " + m.Topic));
        await later.SubscribeAsync("#");
        await later.PingAsync();
    }

    [Fact]
    public async Task The_last_will_is_published_when_a_client_vanishes_and_not_when_it_leaves()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        ConcurrentQueue<string> got = [];
        (IMqttClient reader, _) = await running.ClientAsync("reader", received: m => got.Enqueue(m.Topic + "=" + Text(m)));
        await reader.SubscribeAsync("will/#");
        RawClient polite = await running.RawAsync();
        await polite.EnterAsync(RawClient.Connect("polite", flags: 6, payload: [RawClient.Text("will/polite"), RawClient.Text("gone")]));
        await polite.SendAsync(0xE0, 0x00);
        Assert.Null(await polite.ReadAsync());
        RawClient rude = await running.RawAsync();
        await rude.EnterAsync(RawClient.Connect("rude", flags: 6, payload: [RawClient.Text("will/rude"), RawClient.Text("gone")]));
        rude.Socket.Close(0);
        await RunningBroker.UntilAsync(() => got.Contains("will/rude=gone"), "the will");
        Assert.DoesNotContain("will/polite=gone", got);
    }

    [Fact]
    public async Task Who_gives_no_id_is_given_one()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        using RawClient old = await running.RawAsync(), modern = await running.RawAsync(), lasting = await running.RawAsync();
        await old.EnterAsync(RawClient.Connect(""));
        await modern.SendAsync(RawClient.Connect("", level: 5));
        (byte Header, byte[] Body)? answer = await modern.ReadAsync();
        Assert.Equal(0, answer!.Value.Body[1]);
        Assert.Contains("auto-", Encoding.ASCII.GetString(answer.Value.Body));

        // Without an id there is nothing a session could be found by (MQTT-3.1.3-8).
        await lasting.SendAsync(RawClient.Connect("", flags: 0));
        Assert.Null(await lasting.ReadAsync());
    }

    [Fact]
    public async Task Answers_to_subscriptions_stand_in_the_order_of_the_questions()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        using RawClient client = await running.RawAsync();
        await client.EnterAsync(RawClient.Connect("c"));
        await client.SendAsync(RawClient.Packet(0x82, [0, 7], RawClient.Text("a"), [0], RawClient.Text("b/#/c"), [2], RawClient.Text("c"), [1], RawClient.Text("d"), [2]));
        (byte Header, byte[] Body)? answer = await client.ReadAsync();
        Assert.Equal([0, 7, 0, 0x80, 1, 2], answer!.Value.Body);
    }

    [Fact]
    public async Task A_message_of_QoS_2_that_is_sent_again_is_passed_on_once()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        ConcurrentQueue<string> got = [];
        (IMqttClient reader, _) = await running.ClientAsync("reader", received: m => got.Enqueue(Text(m)));
        await reader.SubscribeAsync("t");
        using RawClient client = await running.RawAsync();
        await client.EnterAsync(RawClient.Connect("c"));
        for (int i = 0; i < 3; i++)
        {
            await client.SendAsync(RawClient.Publish("t", "once"u8.ToArray(), qos: 2, id: 9, flags: (byte)(i == 0 ? 0 : 8)));
            Assert.Equal(0x50, (await client.ReadAsync())!.Value.Header);
        }

        await client.SendAsync(0x62, 2, 0, 9);
        Assert.Equal(0x70, (await client.ReadAsync())!.Value.Header);
        await client.SendAsync(RawClient.Publish("t", "end"u8.ToArray()));
        await RunningBroker.UntilAsync(() => got.Contains("end"), "the end");
        Assert.Equal(["once", "end"], got);
    }

    [Fact]
    public async Task A_client_gets_no_more_unacknowledged_messages_than_it_allows()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        using RawClient client = await running.RawAsync();

        // Receive maximum 2: property 0x21.
        await client.SendAsync(RawClient.Packet(0x10, RawClient.Text("MQTT"), [5, 2, 0, 0, 3, 0x21, 0, 2], RawClient.Text("c")));
        Assert.Equal(0x20, (await client.ReadAsync())!.Value.Header);
        await client.SendAsync(RawClient.Subscribe("t", qos: 1, v5: true));
        Assert.Equal(0x90, (await client.ReadAsync())!.Value.Header);
        for (int i = 0; i < 5; i++)
        {
            running.Broker.Publish("t", new[] { (byte)('0' + i) }, retain: false);
        }

        List<byte> got = [];
        for (int i = 0; i < 5; i++)
        {
            (byte Header, byte[] Body) packet = (await client.ReadAsync())!.Value;
            got.Add(packet.Body[^1]);
            if (i == 1)
            {
                // Two are out: nothing more may come until one is acknowledged.
                await Task.Delay(300);
                Assert.Equal(0, client.Socket.Available);
            }

            if (i >= 1)
            {
                await client.SendAsync(0x40, 2, packet.Body[3], packet.Body[4]);
            }
        }

        Assert.Equal("01234"u8.ToArray(), got);
    }

    [Fact]
    public async Task A_full_window_of_QoS_2_opens_again()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        ConcurrentQueue<string> got = [];
        IMqttClient reader = new MqttClientFactory().CreateMqttClient();
        reader.ApplicationMessageReceivedAsync += e =>
        {
            got.Enqueue(Text(e.ApplicationMessage));
            return Task.CompletedTask;
        };
        await reader.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", running.Listener.At.Port).WithClientId("reader")
            .WithProtocolVersion(MqttProtocolVersion.V500).WithReceiveMaximum(5).WithTimeout(RunningBroker.Patience).Build());
        await reader.SubscribeAsync("t", MqttQualityOfServiceLevel.ExactlyOnce);
        for (int i = 0; i < 100; i++)
        {
            await running.Broker.PublishAsync("t", Encoding.ASCII.GetBytes($"{i}"), retain: false, qos: 2);
        }

        await RunningBroker.UntilAsync(() => got.Count >= 100, "all of them");
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), got);
        await reader.PingAsync();
        reader.Dispose();
    }

    [Fact]
    public async Task A_second_client_of_that_id_takes_the_session_over()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        using RawClient first = await running.RawAsync(), second = await running.RawAsync();
        await first.EnterAsync(RawClient.Connect("same", level: 5));
        await second.EnterAsync(RawClient.Connect("same", level: 5));
        (byte Header, byte[] Body)? last = await first.LastAsync();
        Assert.Equal(0xE0, last!.Value.Header);
        Assert.Equal(0x8E, last.Value.Body[0]);
        await second.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await second.ReadAsync())!.Value.Header);
    }
}
