using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Sensors;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Bridge;

/// <summary>Brokers that are away, come back, break off and refuse. The clock is virtual, the broker simulated, the spool real.</summary>
public class OutageTests
{
    static Reading Read(int sensor, double value, long unixMs) => new(BridgedGateway.Sensor(sensor), value, unixMs, Quality.Good);

    static List<(string Topic, string Payload, bool Retain)> Readings(FakeBroker broker) => [.. broker.Snapshot().Where(m => m.Topic.EndsWith("/temperature", StringComparison.Ordinal))];

    [Fact]
    public async Task After_an_outage_of_24_hours_every_point_arrives_once_and_in_order_with_its_own_time()
    {
        FakeBroker broker = new();
        await using BridgedGateway gateway = new(broker, new ManualTime());
        await gateway.Gateway.UseAsync(null, [BridgedGateway.Options]);
        List<string> expected = [];
        for (int second = 0; second < 86_400; second += 10)
        {
            long unixMs = gateway.Time.GetUtcNow().ToUnixTimeMilliseconds();
            gateway.Gateway.Take([Read(0, second, unixMs), Read(1, -second, unixMs)]);
            expected.Add(System.Text.Encoding.UTF8.GetString(ReadingJson.Write(second, "°C", unixMs, Quality.Good)));
            expected.Add(System.Text.Encoding.UTF8.GetString(ReadingJson.Write(-second, "°C", unixMs, Quality.Good)));
            gateway.Time.Advance(TimeSpan.FromSeconds(10));
            if (second % 600 == 0)
            {
                await Task.Delay(1);
                await RunningUntilAsync(() => gateway.Waiting == expected.Count, "the spool has them");
            }
        }

        await RunningUntilAsync(() => gateway.Waiting == expected.Count, "the spool has them all");
        Assert.Equal(17_280, expected.Count);
        Assert.InRange(broker.Tries, 86_400 / 301, 86_400 / 100);
        Assert.Equal("bridge-away", gateway.Faults["mqtt:bridge:cloud"]!.Fault.Code);
        broker.IsReachable = true;
        DateTimeOffset back = gateway.Time.GetUtcNow();
        await gateway.TurnUntilAsync(() => gateway.Waiting == 0, 600, "all of it is there");
        Assert.Equal(expected, Readings(broker).Select(m => m.Payload));

        // 500 a second: 17,280 take 34 s, and no link is filled by what waited.
        Assert.True(gateway.Time.GetUtcNow() - back >= TimeSpan.FromSeconds(33));
        Assert.Null(gateway.Faults["mqtt:bridge:cloud"]);
        Assert.All(Readings(broker), m => Assert.True(m.Retain));
    }

    [Fact]
    public async Task A_connection_that_breaks_again_and_again_loses_nothing_and_keeps_the_order()
    {
        FakeBroker broker = new() { IsReachable = true, BreaksAfter = 37, LosesAcknowledgements = 5 };
        await using BridgedGateway gateway = new(broker, new ManualTime());
        await gateway.Gateway.UseAsync(null, [BridgedGateway.Options]);
        long start = gateway.Time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < 200; i++)
        {
            gateway.Gateway.Take([Read(0, i, start + i)]);
        }

        await gateway.TurnUntilAsync(() => gateway.Waiting == 0 && Readings(broker).Count >= 200, 6000, "all of it is there");
        List<string> got = [.. Readings(broker).Select(m => m.Payload)];

        // QoS 1: what arrived and was not acknowledged comes again. First arrivals are all there, in order; no message comes more often than connections broke.
        Assert.Equal(Enumerable.Range(0, 200).Select(i => System.Text.Encoding.UTF8.GetString(ReadingJson.Write(i, "°C", start + i, Quality.Good))), got.Distinct());
        Assert.True(got.Count <= 200 + (5 * broker.Tries), $"{got.Count} messages on {broker.Tries} connections");
    }

    [Fact]
    public async Task What_waits_outlives_the_gateway()
    {
        using TemporaryDirectory directory = new();
        ManualTime time = new();
        FakeBroker broker = new();
        long start = time.GetUtcNow().ToUnixTimeMilliseconds();
        await using (BridgedGateway first = new(broker, time, directory))
        {
            await first.Gateway.UseAsync(null, [BridgedGateway.Options]);
            for (int i = 0; i < 50; i++)
            {
                first.Gateway.Take([Read(0, i, start + i)]);
            }

            await RunningUntilAsync(() => first.Waiting == 50, "the spool has them");
        }

        broker.IsReachable = true;
        await using BridgedGateway second = new(broker, time, directory);
        await second.Gateway.UseAsync(null, [BridgedGateway.Options]);
        await second.TurnUntilAsync(() => Readings(broker).Count == 50, 60, "all of it is there");
        Assert.Equal(Enumerable.Range(0, 50).Select(i => System.Text.Encoding.UTF8.GetString(ReadingJson.Write(i, "°C", start + i, Quality.Good))), Readings(broker).Select(m => m.Payload));
    }

    [Fact]
    public async Task A_refusal_is_said_as_what_it_is_and_tried_again()
    {
        FakeBroker broker = new() { Refuses = "bad user name or password" };
        await using BridgedGateway gateway = new(broker, new ManualTime());
        await gateway.Gateway.UseAsync(null, [BridgedGateway.Options]);
        await gateway.TurnUntilAsync(() => broker.Tries >= 3, 60, "it tries again");
        FaultReport fault = gateway.Faults["mqtt:bridge:cloud"]!;
        Assert.Equal("bridge-refused", fault.Fault.Code);
        Assert.Contains("bad user name or password", fault.Message, StringComparison.Ordinal);
        Assert.Contains("mqtt://broker.example:1883", fault.Message, StringComparison.Ordinal);
        broker.Refuses = null;
        broker.IsReachable = true;
        await gateway.TurnUntilAsync(() => gateway.Faults["mqtt:bridge:cloud"] is null, 600, "it is in");
    }

    [Fact]
    public void Waits_double_to_five_minutes_and_are_spread()
    {
        Backoff backoff = new(new Random(1));
        List<double> waits = [.. Enumerable.Range(0, 40).Select(_ => backoff.Next().TotalSeconds)];
        for (int i = 0; i < waits.Count; i++)
        {
            double whole = Math.Min(300, Math.Pow(2, i));
            Assert.InRange(waits[i], whole / 2, whole);
        }

        Assert.True(waits[30..].Distinct().Count() > 5);
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void A_limit_gives_a_seconds_worth_at_once_and_then_its_rate()
    {
        RateLimit limit = new(100);
        int taken = 0;
        for (long ms = 0; ms <= 10_000; ms += 10)
        {
            while (limit.TryTake(ms))
            {
                taken++;
            }
        }

        Assert.InRange(taken, 1099, 1101);
    }

    static Task RunningUntilAsync(Func<bool> isSo, string what) => Broker.RunningBroker.UntilAsync(isSo, what);
}
