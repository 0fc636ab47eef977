using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Derp;
using MeshIoT.Node.Network;
using MeshIoT.Node.Session;
using MeshIoT.Tailcfg;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>When whoever chooses the home hears that its relay is gone.</summary>
public sealed class LostHomeTests : IAsyncDisposable
{
    readonly EngineHarness harness = new(1);
    readonly ManualTime time = new();
    readonly HealthBoard health = new(static () => { });
    readonly ConcurrentQueue<DateTimeOffset> changes = new(), losses = new();
    readonly RelayHub hub;

    public LostHomeTests() => hub = new RelayHub(
        harness.Engine,
        (key, receiver) => new DerpPoolOptions { Key = key, Receiver = receiver, Time = time, PlainHttpForTests = true },
        health, time, () => changes.Enqueue(time.GetUtcNow()), () => losses.Enqueue(time.GetUtcNow()));

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        harness.Dispose();
    }

    [Fact]
    public async Task Three_seconds_after_it_went_however_often_it_is_tried_meanwhile_and_then_ever_more_seldom()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        using Socket nobody = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening: refused
        int port = ((IPEndPoint)nobody.LocalEndPoint!).Port;
        DerpNode node = new() { Name = "1a", RegionID = 1, HostName = "127.0.0.1", IPv4 = "127.0.0.1", IPv6 = "none", DERPPort = port };
        hub.SetHome(1);
        hub.Follow(new DerpMap { Regions = new Dictionary<int, DerpRegion?> { [1] = new() { RegionID = 1, RegionCode = "one", Nodes = [node] } } }, harness.Key);
        while (losses.Count < 3)
        {
            // Real time for real dials, and for the threads that tell of them.
            bool first = losses.IsEmpty;
            time.Advance(TimeSpan.FromSeconds(first ? 0.1 : 1));
            await Task.Delay(first ? 10 : 1, limit.Token);
        }

        DateTimeOffset[] lost = [.. losses];
        Assert.InRange(lost[0] - changes.First(), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7));
        Assert.Equal(30, (lost[1] - lost[0]).TotalSeconds, tolerance: 1.5);
        Assert.Equal(60, (lost[2] - lost[1]).TotalSeconds, tolerance: 1.5);
        Assert.True(hub.IsDown(1));
        Assert.Equal("relay-unreachable", health.Current.Single().Fault.Code);
    }
}
