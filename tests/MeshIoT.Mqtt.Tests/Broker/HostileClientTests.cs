using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Broker;
using MeshIoT.Tests;
using MQTTnet;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Broker;

/// <summary>What clients do that mean no good, with bytes on a socket. Each time somebody else goes on undisturbed.</summary>
public class HostileClientTests
{
    /// <summary>A client that publishes to itself: it must not notice anything.</summary>
    static async Task UndisturbedAsync(RunningBroker running, Func<Task> meanwhile)
    {
        ConcurrentQueue<string> got = [];
        (IMqttClient good, _) = await running.ClientAsync("good", received: m => got.Enqueue(BrokerTests.Text(m)));
        await good.SubscribeAsync("good/#");
        await good.PublishStringAsync("good/1", "before");
        await meanwhile();
        await good.PublishStringAsync("good/1", "after");
        await RunningBroker.UntilAsync(() => got.Contains("after"), "the good client's message");
        Assert.Equal(["before", "after"], got);
        Assert.True(good.IsConnected);
        good.Dispose();
    }

    [Fact]
    public async Task A_packet_of_256_MB_is_refused_by_its_length_alone()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        await UndisturbedAsync(running, async () =>
        {
            using RawClient client = await running.RawAsync();
            await client.EnterAsync(RawClient.Connect("big", level: 5));
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await client.SendAsync(0x30, 0xFF, 0xFF, 0xFF, 0x7F);
            (byte Header, byte[] Body)? last = await client.LastAsync();
            Assert.Equal(0xE0, last!.Value.Header);
            Assert.Equal(0x95, last.Value.Body[0]);
            Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 16 * 1024 * 1024);
        });
    }

    [Fact]
    public async Task A_payload_of_a_gigabyte_is_cut_off_at_its_first_bytes()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        await UndisturbedAsync(running, async () =>
        {
            using RawClient client = await running.RawAsync();
            await client.EnterAsync(RawClient.Connect("giga"));
            await client.SendAsync(0x30, 0xFF, 0xFF, 0xFF, 0x7F);
            byte[] chunk = new byte[1 << 20];
            long sent = 0;
            try
            {
                while (sent < 1L << 30)
                {
                    sent += await client.Socket.SendAsync(chunk).WaitAsync(RunningBroker.Patience);
                }
            }
            catch (SocketException)
            {
                // Refused, as it should be.
            }

            Assert.True(sent < 1L << 28, $"{sent} bytes were taken");
        });
    }

    [Theory]
    [InlineData("16FFFFFF7F", "CONNECT of 256 MB with flags")]
    [InlineData("10FFFFFF7F", "CONNECT of 256 MB")]
    [InlineData("10FFFFFFFFFF", "a length of five bytes")]
    [InlineData("30050001610061", "PUBLISH before CONNECT")]
    [InlineData("C000", "PINGREQ before CONNECT")]
    [InlineData("F000", "AUTH before CONNECT")]
    [InlineData("474554202F20485454502F312E310D0A0D0A", "HTTP")]
    [InlineData("160301020001000001FC0303", "TLS")]
    [InlineData("100C00044D51545409020000000161", "protocol level 9")]
    [InlineData("100C00044D51585404020000000161", "protocol MQXT")]
    [InlineData("100C00044D51545404030000000161", "reserved connect flag")]
    [InlineData("1002000A", "a text that is cut off")]
    [InlineData("1000", "an empty CONNECT")]
    public async Task What_is_no_connection_is_closed(string hex, string what)
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        await UndisturbedAsync(running, async () =>
        {
            using RawClient client = await running.RawAsync();
            await client.SendAsync(Convert.FromHexString(hex));
            (byte Header, byte[] Body)? last = await client.LastAsync();
            Assert.True(last is null or { Header: 0x20 }, what);
        });
        await RunningBroker.UntilAsync(() => running.Broker.Counters.Refused == 1, "it is counted");
    }

    [Theory]
    [InlineData("1000", "a second CONNECT")]
    [InlineData("2000", "CONNACK from a client")]
    [InlineData("36050001740001", "QoS 3")]
    [InlineData("80050001000174", "SUBSCRIBE with wrong flags")]
    [InlineData("82020001", "SUBSCRIBE to nothing")]
    [InlineData("8206000100017403", "SUBSCRIBE with QoS 3")]
    [InlineData("3204000174FF", "PUBLISH of QoS 1 cut off")]
    [InlineData("3003000161FF30FFFFFFFF01", "a broken length")]
    [InlineData("3205000174000061", "packet identifier 0")]
    [InlineData("60020001", "PUBREL with wrong flags")]
    [InlineData("D000", "PINGRESP from a client")]
    [InlineData("3003000561", "a topic beyond the packet")]
    [InlineData("3003000123", "a topic of #")]
    [InlineData("300500032B2F61", "a topic with +")]
    [InlineData("300300010000", "a topic with NUL")]
    [InlineData("30020000", "no topic")]
    [InlineData("30040002C328", "a topic that is no UTF-8")]
    public async Task What_cannot_be_said_ends_the_connection(string hex, string what)
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        await UndisturbedAsync(running, async () =>
        {
            using RawClient client = await running.RawAsync();
            await client.EnterAsync(RawClient.Connect("bad"));
            await client.SendAsync(Convert.FromHexString(hex));
            Assert.True((await client.LastAsync()) is null or { Header: not 0x30 }, what);
        });
    }

    [Fact]
    public async Task Clients_without_rights_are_told_so()
    {
        MqttUser reader = new("", "", ["open/#"], ["open/in"]);
        await using RunningBroker running = await RunningBroker.StartAsync(access: new AccessList([], reader));
        using RawClient old = await running.RawAsync(), modern = await running.RawAsync();
        await old.EnterAsync(RawClient.Connect("old"));
        await modern.SendAsync(RawClient.Connect("modern", level: 5));
        await modern.ReadAsync();
        foreach ((RawClient client, bool v5) in new[] { (old, false), (modern, true) })
        {
            foreach (string refused in new[] { "#", "secret", "+/x", "open/#/x" })
            {
                await client.SendAsync(RawClient.Subscribe(refused, v5: v5));
                byte code = (await client.ReadAsync())!.Value.Body[^1];
                Assert.Equal(v5 ? refused == "open/#/x" ? 0x8F : 0x87 : 0x80, code);
            }

            await client.SendAsync(RawClient.Subscribe("open/#", v5: v5));
            Assert.Equal(0, (await client.ReadAsync())!.Value.Body[^1]);
        }

        await modern.SendAsync(RawClient.Publish("secret", "x"u8.ToArray(), qos: 1, id: 5, v5: true));
        Assert.Equal(0x87, (await modern.ReadAsync())!.Value.Body[2]);
        running.Broker.Received += m => Assert.Equal("open/in", m.Topic);
        await old.SendAsync(RawClient.Publish("open/out", "x"u8.ToArray()));
        await old.SendAsync(RawClient.Publish("$SYS/x", "x"u8.ToArray()));
        await old.SendAsync(RawClient.Publish("open/in", "y"u8.ToArray()));
        Assert.Equal((byte)'y', (await modern.ReadAsync())!.Value.Body[^1]);
        Assert.Equal((byte)'y', (await old.ReadAsync())!.Value.Body[^1]);
        Assert.Equal(11, running.Broker.Counters.Denied);
    }

    [Fact]
    public async Task A_last_will_needs_the_right_to_publish_it()
    {
        await using RunningBroker running = await RunningBroker.StartAsync(access: new AccessList([], new MqttUser("", "", [], ["mine/#"])));
        using RawClient bad = await running.RawAsync(), wild = await running.RawAsync(), good = await running.RawAsync();
        await bad.SendAsync(RawClient.Connect("bad", flags: 6, payload: [RawClient.Text("theirs"), RawClient.Text("x")]));
        Assert.Equal(5, (await bad.ReadAsync())!.Value.Body[1]);
        await wild.SendAsync(RawClient.Connect("wild", flags: 6, payload: [RawClient.Text("mine/#"), RawClient.Text("x")]));
        Assert.Equal(5, (await wild.ReadAsync())!.Value.Body[1]);
        await good.EnterAsync(RawClient.Connect("good", flags: 6, payload: [RawClient.Text("mine/x"), RawClient.Text("x")]));
    }

    [Fact]
    public async Task Connections_are_counted_and_the_next_is_told_why_not()
    {
        await using RunningBroker running = await RunningBroker.StartAsync(new BrokerOptions { MostConnections = 3 });
        List<RawClient> held = [];
        for (int i = 0; i < 3; i++)
        {
            held.Add(await running.RawAsync());
            await held[i].EnterAsync(RawClient.Connect("c" + i));
        }

        using RawClient more = await running.RawAsync();
        await more.SendAsync(RawClient.Connect("more"));
        Assert.Equal(3, (await more.ReadAsync())!.Value.Body[1]);
        held[0].Dispose();
        await RunningBroker.UntilAsync(() => running.Broker.Counters.Connections == 2, "one is gone");
        using RawClient again = await running.RawAsync();
        await again.EnterAsync(RawClient.Connect("again"));
        held.ForEach(h => h.Dispose());
    }

    [Fact]
    public async Task Who_says_nothing_or_stops_in_the_middle_is_ended_in_time()
    {
        ManualTime time = new();
        await using RunningBroker running = await RunningBroker.StartAsync(new BrokerOptions(), time: time);
        using RawClient silent = await running.RawAsync(), half = await running.RawAsync(), idle = await running.RawAsync();
        await half.EnterAsync(RawClient.Connect("half"));
        await half.SendAsync(0x30, 0x20, 0x00);
        await idle.EnterAsync(RawClient.Connect("idle", level: 4, keepAlive: 40));
        await RunningBroker.UntilAsync(() => running.Broker.Counters.Connections == 3, "all three are there");
        await Task.Delay(200);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await silent.ReadAsync());
        time.Advance(TimeSpan.FromSeconds(30));
        await idle.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await idle.ReadAsync())!.Value.Header);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await half.ReadAsync());
        await idle.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await idle.ReadAsync())!.Value.Header);
        time.Advance(TimeSpan.FromSeconds(59));
        await idle.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await idle.ReadAsync())!.Value.Header);
        time.Advance(TimeSpan.FromSeconds(62));
        Assert.Null(await idle.ReadAsync());
        Assert.Equal(3, running.Broker.Counters.Ended);
    }

    [Fact]
    public async Task A_slow_subscriber_loses_the_oldest_and_holds_up_nobody()
    {
        await using RunningBroker running = await RunningBroker.StartAsync(new BrokerOptions { MostQueued = 50 });
        using RawClient slow = await running.RawAsync();
        await slow.EnterAsync(RawClient.Connect("slow"));
        await slow.SendAsync(RawClient.Subscribe("t"));
        await slow.ReadAsync();
        await UndisturbedAsync(running, async () =>
        {
            // More than the kernel's buffers of both ends take.
            for (int i = 0; i < 3000; i++)
            {
                await running.Broker.PublishAsync("t", new byte[32_768 - (i == 2999 ? 1 : 0)], retain: false, qos: 0);
            }
        });
        Assert.True(running.Broker.Counters.Dropped > 100, $"{running.Broker.Counters.Dropped} dropped");

        // The newest is still there.
        int got = 0, last = 0;
        while (last != 32_767 + 3)
        {
            last = (await slow.ReadAsync())!.Value.Body.Length;
            got++;
        }

        Assert.InRange(got, 50, 2900);
    }

    [Fact]
    public async Task Bytes_that_wait_for_one_client_are_bounded()
    {
        await using RunningBroker running = await RunningBroker.StartAsync(new BrokerOptions { MostQueuedBytes = 100_000 });
        (IMqttClient away, _) = await running.ClientAsync("away", isClean: false, expiry: 1000);
        await away.SubscribeAsync("t", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        await away.DisconnectAsync();
        for (int i = 0; i < 100; i++)
        {
            await running.Broker.PublishAsync("t", new byte[10_000], retain: false, qos: 1);
        }

        Assert.Equal(90, running.Broker.Counters.Dropped);
        int got = 0;
        (_, MqttClientConnectResult result) = await running.ClientAsync("away", isClean: false, expiry: 1000, received: _ => got++);
        Assert.True(result.IsSessionPresent);
        await RunningBroker.UntilAsync(() => got == 10, "what was kept");
    }

    [Fact]
    public async Task Who_asks_and_never_reads_the_answers_is_read_no_further()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        using RawClient client = await running.RawAsync();
        client.Socket.ReceiveBufferSize = 4096;
        await client.EnterAsync(RawClient.Connect("deaf", level: 5));
        await UndisturbedAsync(running, async () =>
        {
            // Requests whose answers are longer than they are: subscriptions to a topic with a retained message.
            running.Broker.Publish("retained", new byte[100_000], retain: true);
            byte[] request = RawClient.Subscribe("retained", v5: true);
            long sent = 0;
            using System.Threading.CancellationTokenSource limit = new(TimeSpan.FromSeconds(3));
            try
            {
                while (sent < 200L * 1024 * 1024)
                {
                    sent += await client.Socket.SendAsync(request, limit.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // It is full: that is the point.
            }

            Assert.True(sent < 64L * 1024 * 1024, $"{sent} bytes were taken");
        });
    }

    [Fact]
    public async Task Subscriptions_and_aliases_are_bounded()
    {
        await using RunningBroker running = await RunningBroker.StartAsync(new BrokerOptions { MostSubscriptions = 5 });
        using RawClient client = await running.RawAsync(), alias = await running.RawAsync();
        await client.EnterAsync(RawClient.Connect("c", level: 5));
        for (int i = 0; i < 8; i++)
        {
            await client.SendAsync(RawClient.Subscribe("f" + i, v5: true));
            Assert.Equal(i < 5 ? 0 : 0x97, (await client.ReadAsync())!.Value.Body[^1]);
        }

        await alias.EnterAsync(RawClient.Connect("a", level: 5));
        await alias.SendAsync(RawClient.Packet(0x30, RawClient.Text("t"), [3, 0x23, 0, 17], "x"u8.ToArray()));
        Assert.Equal(0x94, (await alias.LastAsync())!.Value.Body[0]);
    }

    [Fact]
    public async Task Retained_messages_are_bounded_in_number_and_bytes()
    {
        await using RunningBroker running = await RunningBroker.StartAsync(new BrokerOptions { MostRetained = 3, MostRetainedBytes = 2000 });
        using RawClient client = await running.RawAsync();
        await client.EnterAsync(RawClient.Connect("c", level: 5));
        byte[] codes = new byte[6];
        (string Topic, int Bytes)[] messages = [("a", 1), ("b", 1), ("c", 1), ("d", 1), ("a", 1500), ("b", 1500)];
        for (int i = 0; i < messages.Length; i++)
        {
            await client.SendAsync(RawClient.Publish(messages[i].Topic, new byte[messages[i].Bytes], qos: 1, id: (ushort)(i + 1), flags: 1, v5: true));
            byte[] body = (await client.ReadAsync())!.Value.Body;
            codes[i] = body.Length > 2 ? body[2] : (byte)0;
        }

        Assert.Equal([0x10, 0x10, 0x10, 0x97, 0x10, 0x97], codes);
    }

    [Fact]
    public async Task A_session_belongs_to_its_user()
    {
        MqttUser[] users = [new("ann", MeshIoT.Crypto.PasswordHash.Make("a"u8), ["#"], ["#"]), new("bob", MeshIoT.Crypto.PasswordHash.Make("b"u8), ["#"], ["#"])];
        await using RunningBroker running = await RunningBroker.StartAsync(access: new AccessList(users, null));
        byte[][] ann = [RawClient.Text("ann"), RawClient.Text("a")], bob = [RawClient.Text("bob"), RawClient.Text("b")];
        using RawClient hers = await running.RawAsync(), his = await running.RawAsync(), nobody = await running.RawAsync();
        await hers.EnterAsync(RawClient.Connect("desk", flags: 0xC0, payload: ann));
        await his.SendAsync(RawClient.Connect("desk", flags: 0xC0, payload: bob));
        Assert.Equal(2, (await his.ReadAsync())!.Value.Body[1]);
        await nobody.SendAsync(RawClient.Connect("desk"));
        Assert.Equal(5, (await nobody.ReadAsync())!.Value.Body[1]);
        await hers.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await hers.ReadAsync())!.Value.Header);
    }

    [Fact]
    public async Task Random_bytes_after_a_login_hurt_nobody()
    {
        await using RunningBroker running = await RunningBroker.StartAsync();
        await UndisturbedAsync(running, async () =>
        {
            await Gen.Byte.Array[1, 200].SampleAsync(
                async bytes =>
                {
                    using RawClient client = await running.RawAsync();
                    await client.EnterAsync(RawClient.Connect("random" + Guid.NewGuid().ToString("N")[..8], level: (byte)(bytes[0] % 2 == 0 ? 4 : 5)));
                    try
                    {
                        await client.SendAsync(bytes);
                        client.Socket.Shutdown(SocketShutdown.Send);
                        await client.LastAsync();
                    }
                    catch (SocketException)
                    {
                        // Closed while we were at it.
                    }
                },
                iter: 300, threads: 4);
        });
        await RunningBroker.UntilAsync(() => running.Broker.Counters.Connections <= 1, "all of them are gone");
    }
}
