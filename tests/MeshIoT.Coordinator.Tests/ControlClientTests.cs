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
        Assert.Equal(("192.0.2.4:41641", b.NodeKey), (seen.Peers.First().Endpoints[0].ToString(), seen.Peers.First().Key));
        Assert.Equal("owner@tail.example", seen.Users[seen.Peers.First().User].LoginName);
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
}
