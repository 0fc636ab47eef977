using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Simulated;
using MeshIoT.Tests;
using MeshIoT.Web.Live;
using Xunit;

namespace MeshIoT.Web.Tests;

public sealed class LiveEventsTests : IDisposable
{
    readonly ManualTime time = new();
    readonly Sampler sampler = new(SimulatedSensor.Greenhouse(), TimeSpan.FromSeconds(10));
    readonly FaultBoard<string> board = new(static () => { });
    readonly GatewayApi api;

    public LiveEventsTests() => api = new GatewayApi(new GatewayContext { Name = () => "greenhouse", Sampler = sampler, Time = time, Faults = () => board.Current });

    public void Dispose()
    {
        api.Dispose();
        sampler.Dispose();
    }

    Loopback Serve(int maxConnections = 64) => new(api.HandleAsync, maxConnections, time, isOutside: true);

    void Sample() => sampler.Sample(time.GetUtcNow().ToUnixTimeMilliseconds());

    static async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 400 && !isSo(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(isSo());
    }

    [Fact]
    public async Task A_reader_gets_all_sensors_then_each_reading_as_it_comes()
    {
        await using Loopback server = Serve();
        await using EventReader reader = await EventReader.OpenAsync(server.Port);
        Assert.True(await reader.UntilAsync("event: health"));
        Assert.StartsWith("HTTP/1.1 200", reader.Seen, StringComparison.Ordinal);
        Assert.Contains("text/event-stream", reader.Seen, StringComparison.Ordinal);
        Assert.Contains("event: sensors", reader.Seen, StringComparison.Ordinal);
        Assert.Contains("\"quality\":\"none\"", reader.Seen, StringComparison.Ordinal);
        Sample();
        Assert.True(await reader.UntilAsync("event: readings"));
        Assert.True(await reader.UntilAsync("\"quality\":\"good\""));
    }

    [Fact]
    public async Task A_value_that_gets_old_is_told_and_health_when_it_changes()
    {
        await using Loopback server = Serve();
        await using EventReader reader = await EventReader.OpenAsync(server.Port);
        Assert.True(await reader.UntilAsync("event: health"));
        Sample();
        Assert.True(await reader.UntilAsync("event: readings"));
        for (int i = 0; i < 8; i++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.True(await reader.UntilAsync("\"quality\":\"stale\""));
        board.Set("sensor:x", Faults.SensorSilent.With("x", "it is gone"));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await reader.UntilAsync("sensor-silent"));
    }

    [Fact]
    public async Task A_comment_comes_every_25_seconds()
    {
        await using Loopback server = Serve();
        await using EventReader reader = await EventReader.OpenAsync(server.Port);
        Assert.True(await reader.UntilAsync("event: health"));
        for (int i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.True(await reader.UntilAsync("\n:\n\n", 2));
    }

    [Fact]
    public async Task While_nobody_reads_nobody_listens_and_nothing_ticks()
    {
        await using Loopback server = Serve();
        EventReader reader = await EventReader.OpenAsync(server.Port);
        Assert.True(await reader.UntilAsync("event: health"));
        Assert.Equal(1, api.Live.Readers);
        await reader.DisposeAsync();
        await UntilAsync(() => api.Live.Readers == 0);
        Assert.False(api.Live.IsAwake);
    }

    [Fact]
    public async Task A_flood_of_readers_is_refused_and_shuts_nobody_out()
    {
        await using Loopback server = Serve(maxConnections: 200);
        List<EventReader> flood = [];
        try
        {
            for (int i = 0; i < LiveEvents.MostOfOne; i++)
            {
                EventReader reader = await EventReader.OpenAsync(server.Port);
                flood.Add(reader);
                Assert.True(await reader.UntilAsync("event: sensors"));
            }

            using HttpResponseMessage refused = await server.Http.GetAsync("/api/v1/events");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("too-many-streams", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(LiveEvents.MostOfOne, api.Live.Readers);
            Assert.Contains("sim.air_humidity", await server.Http.GetStringAsync("/api/v1/sensors"), StringComparison.Ordinal);
        }
        finally
        {
            foreach (EventReader reader in flood)
            {
                await reader.DisposeAsync();
            }
        }

        await UntilAsync(() => api.Live.Readers == 0);
        await using EventReader after = await EventReader.OpenAsync(server.Port);
        Assert.True(await after.UntilAsync("event: sensors"));
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_given_up_and_holds_no_memory()
    {
        await using Loopback server = Serve();
        await using EventReader slow = await EventReader.OpenAsync(server.Port, receiveBuffer: 4096);
        await using EventReader quick = await EventReader.OpenAsync(server.Port);
        Assert.True(await slow.UntilAsync("event: health"));
        Assert.True(await quick.UntilAsync("event: health"));
        Task<bool> reading = quick.UntilAsync("event: readings", int.MaxValue);
        for (int i = 0; i < 60_000 && api.Live.GivenUp == 0; i++)
        {
            Sample();
            if (i % 50 == 49)
            {
                await Task.Delay(1);
            }
        }

        await UntilAsync(() => api.Live.GivenUp > 0);
        Assert.True(api.Live.Readers <= 1);
        _ = reading.ContinueWith(static done => _ = done.Exception, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_head_request_opens_no_stream()
    {
        await using Loopback server = Serve();
        string answer = await server.SendRawAsync(Encoding.ASCII.GetBytes("HEAD /api/v1/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(0, api.Live.Readers);
    }
}
