using System;
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

/// <summary>The gateway's own control client against this server: what it makes of the frames, and of the refusals.</summary>
public class ControlClientTests
{
    [Fact]
    public async Task Two_gateways_build_netmaps_of_each_other_and_follow_an_endpoint()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using Gateway a = new(coordinator, "alpha"), b = new(coordinator, "beta");
        Assert.Equal("", (await a.RegisterAsync(await coordinator.CreateKeyAsync())).Error);
        Assert.Equal("", (await b.RegisterAsync(await coordinator.CreateKeyAsync())).Error);
        a.StartMap();
        await a.UntilAsync(m => m.Peers.Count == 1 && m.Self.Name == "alpha.tail.example." && m.PacketFilter.Count == 1);
        b.StartMap();
        await a.UntilAsync(m => m.Peers.SingleOrDefault()?.Online == true);
        await b.Client.SendUpdateAsync(b.Request(false, ["192.0.2.4:41641"]), CancellationToken.None);
        Netmap seen = await a.UntilAsync(m => m.Peers.SingleOrDefault()?.Endpoints is { Count: 1 });
        Assert.Equal(("192.0.2.4:41641", b.NodeKey), (seen.Peers[0].Endpoints![0], seen.Peers[0].Key));
        Assert.Equal("owner@tail.example", seen.Users[seen.Peers[0].User].LoginName);
    }

    [Fact]
    public async Task A_used_key_reaches_the_gateway_as_the_fault_that_the_coordinator_meant()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        string key = await coordinator.CreateKeyAsync();
        await using Gateway a = new(coordinator, "alpha"), b = new(coordinator, "beta");
        await a.RegisterAsync(key);
        FaultReport refused = RegisterRefusal.Explain(new Uri($"http://{coordinator.Listening}/"), (await b.RegisterAsync(key)).Error, key);
        Assert.Same(Faults.AuthKeyUsed, refused.Fault);
        Assert.DoesNotContain(key, refused.ToString());
    }

    [Fact]
    public async Task A_pin_of_another_server_keeps_the_key_at_home()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        ServerKeyPin pin = ServerKeyPin.Of(MachinePrivateKey.Generate(new SystemRandomSource()).PublicKey);
        await using Gateway a = new(coordinator, "alpha", pin);
        await Assert.ThrowsAsync<FaultException>(async () => await a.RegisterAsync(await coordinator.CreateKeyAsync()));
        Assert.Empty(coordinator.Tailnet.Nodes);
    }

    sealed class Gateway : IAsyncDisposable
    {
        static readonly SystemRandomSource Random = new();

        readonly CancellationTokenSource stop = new();
        readonly NetmapBuilder builder;
        readonly string hostname;
        readonly DiscoPublicKey disco = DiscoPrivateKey.Generate(Random).PublicKey;
        readonly SemaphoreSlim arrived = new(0);
        Task map = Task.CompletedTask;
        volatile Netmap netmap = Netmap.Empty;

        public Gateway(TestCoordinator coordinator, string hostname, ServerKeyPin? pin = null)
        {
            this.hostname = hostname;
            builder = new NetmapBuilder(NodeKey);
            Client = new ControlClient(new ControlOptions(
                new Uri($"http://{coordinator.Listening}/"), MachinePrivateKey.Generate(Random), null, key => (pin ?? ServerKeyPin.Of(coordinator.ServerKey)).Matches(key), new SodiumSuite(), Random));
        }

        public ControlClient Client { get; }

        public NodePublicKey NodeKey { get; } = NodePrivateKey.Generate(Random).PublicKey;

        public Task<RegisterResponse> RegisterAsync(string key) => Client.RegisterAsync(
            new RegisterRequest { Version = 130, NodeKey = NodeKey, Auth = new RegisterAuth { AuthKey = key }, Hostinfo = Hostinfo() }, CancellationToken.None);

        public MapRequest Request(bool stream, string[]? endpoints = null) => new()
        {
            Version = 130, NodeKey = NodeKey, DiscoKey = disco, Stream = stream, OmitPeers = !stream, KeepAlive = true, Compress = stream ? "zstd" : null, Hostinfo = Hostinfo(), Endpoints = endpoints,
        };

        public void StartMap() => map = Client.StreamMapAsync(Request(true), (frame, _) =>
        {
            netmap = builder.Apply(frame);
            arrived.Release();
            return ValueTask.CompletedTask;
        }, stop.Token);

        public async Task<Netmap> UntilAsync(Func<Netmap, bool> fits)
        {
            while (!fits(netmap))
            {
                Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(20)), "no frame came");
            }

            return netmap;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await map.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Client.DisposeAsync();
        }

        Hostinfo Hostinfo() => new() { Hostname = hostname, OS = "linux", IPNVersion = "0.1.0" };
    }
}
