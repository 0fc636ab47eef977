using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Provisioning;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>A gateway's control client with its netmap: it joins, keeps a map stream open through whatever happens, and says what it sees.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    static readonly SystemRandomSource Random = new();
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TestCoordinator coordinator;
    readonly string hostname;
    readonly ServerKeyPin? pin;
    readonly DiscoPublicKey disco = DiscoPrivateKey.Generate(Random).PublicKey;
    readonly SemaphoreSlim arrived = new(0);
    readonly MachinePrivateKey machine = MachinePrivateKey.Generate(Random);
    CancellationTokenSource stop = new();
    Task map = Task.CompletedTask;
    volatile Netmap netmap = Netmap.Empty;

    public Gateway(TestCoordinator coordinator, string hostname, ServerKeyPin? pin = null)
    {
        (this.coordinator, this.hostname, this.pin) = (coordinator, hostname, pin);
        Client = Connect();
    }

    public ControlClient Client { get; private set; }

    public NodePublicKey NodeKey { get; set; } = NodePrivateKey.Generate(Random).PublicKey;

    public IReadOnlyList<string>? Routes { get; set; }

    /// <summary>What it sees now.</summary>
    public Netmap Netmap => netmap;

    /// <summary>Its number, once it has a netmap.</summary>
    public long Id => netmap.Self.ID;

    public Task<RegisterResponse> RegisterAsync(string? key = null, NodePublicKey old = default, string followup = "", IReadOnlyList<string>? tags = null, DateTimeOffset? expiry = null) => Client.RegisterAsync(
        new RegisterRequest
        {
            Version = 130, NodeKey = NodeKey, OldNodeKey = old, Auth = key is null ? null : new RegisterAuth { AuthKey = key }, Followup = followup, Expiry = expiry,
            Hostinfo = Hostinfo() with { RequestTags = tags },
        }, CancellationToken.None);

    public MapRequest Request(bool stream, string[]? endpoints = null) => new()
    {
        Version = 130, NodeKey = NodeKey, DiscoKey = disco, Stream = stream, OmitPeers = !stream, KeepAlive = true, Compress = stream ? "zstd" : null, Hostinfo = Hostinfo(), Endpoints = endpoints,
    };

    public Task UpdateAsync(params string[] endpoints) => Client.SendUpdateAsync(Request(false, endpoints), CancellationToken.None);

    /// <summary>Opens the map stream, and again whenever it ends.</summary>
    public void StartMap() => map = RunMapAsync(stop.Token);

    /// <summary>Leaves without a word.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await map.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Client.DisposeAsync();
    }

    /// <summary>Comes back after <see cref="StopAsync"/>.</summary>
    public void Start()
    {
        (stop, Client, netmap) = (new CancellationTokenSource(), Connect(), Netmap.Empty);
        StartMap();
    }

    public async Task<Netmap> UntilAsync(Func<Netmap, bool> fits, string what = "the netmap")
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!fits(netmap))
        {
            TimeSpan left = Patience - waited.Elapsed;
            Assert.True(left > TimeSpan.Zero && await arrived.WaitAsync(left), $"{hostname} waits for {what}; it sees {string.Join(' ', netmap.Peers.Select(p => p.ID))}");
        }

        return netmap;
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    async Task RunMapAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            NetmapBuilder builder = new(NodeKey);
            try
            {
                await Client.StreamMapAsync(Request(true), (frame, _) =>
                {
                    netmap = builder.Apply(frame);
                    arrived.Release();
                    return ValueTask.CompletedTask;
                }, ended);
            }
            catch (Exception e) when (e is FaultException or OperationCanceledException or System.IO.IOException or System.Net.Http.HttpRequestException)
            {
                // The next try is the answer.
            }

            await Task.Delay(50, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    ControlClient Connect() => new(new ControlOptions(
        new Uri($"http://{coordinator.Listening}/"), machine, null, key => (pin ?? ServerKeyPin.Of(coordinator.ServerKey)).Matches(key), new SodiumSuite(), Random));

    Hostinfo Hostinfo() => new() { Hostname = hostname, OS = "linux", IPNVersion = "0.1.0", RoutableIPs = Routes };
}
