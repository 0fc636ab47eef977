using System;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>What a node finds out about its network gets to its coordinator.</summary>
public class HomeRelayTests
{
    [Fact]
    public async Task The_coordinator_is_told_home_latencies_and_endpoints_with_their_kinds()
    {
        await using LoopbackStun stun = new();
        await using TestNodes nodes = new();
        nodes.Tailnet.Relays = LoopbackStun.MapOf(stun);
        TailnetNode node = await nodes.JoinAsync("gateway");
        await nodes.EventuallyAsync(() => nodes.Tailnet.LastUpdate?.Hostinfo?.NetInfo?.DERPLatency is not null);
        MapRequest told = nodes.Tailnet.LastUpdate!;
        Assert.Equal(1, told.Hostinfo!.NetInfo!.PreferredDERP);
        Assert.True(told.Hostinfo.NetInfo.WorkingUDP);
        Assert.InRange(told.Hostinfo.NetInfo.DERPLatency!["1-v4"], 0, 5);
        Assert.Equal([$"127.0.0.1:{node.Status.UdpPort}"], told.Endpoints!);
        Assert.Equal([(int)EndpointType.Stun], told.EndpointTypes!);
        Assert.Equal(1, node.HomeRelay);
        Assert.True(node.NetCheck is { Udp: true, IsFull: true });
        Assert.Equal(told.Endpoints!, node.OwnEndpoints.Select(static endpoint => endpoint.Address.ToString()));
    }

    [Fact]
    public async Task A_check_on_demand_says_what_the_network_is_like()
    {
        await using LoopbackStun one = new(), two = new();
        await using TestNodes nodes = new();
        nodes.Tailnet.Relays = LoopbackStun.MapOf(one, two);
        TailnetNode node = await nodes.JoinAsync("gateway");
        NetCheckReport report = await node.CheckNetworkAsync(nodes.Limit);
        Assert.True(report is { Udp: true, IPv4: true, MappingVariesByDestIP: false });
        Assert.All(report.Regions, static region => Assert.NotNull(region.V4));
        Assert.Equal(["r1", "r2"], report.Regions.Select(static region => region.Code));
    }

    [Fact]
    public async Task A_node_of_a_tailnet_without_relays_has_no_home_and_nothing_to_complain_of()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.JoinAsync("gateway");
        Assert.True(await node.CheckNetworkAsync(nodes.Limit) is { RequestsSent: 0, PreferredDerp: 0 });
        Assert.Equal(0, node.HomeRelay);
        Assert.Empty(node.Status.Health);
        await nodes.EventuallyAsync(() => nodes.Tailnet.Updates > 0);
        Assert.Equal(0, nodes.Tailnet.LastUpdate!.Hostinfo!.NetInfo?.PreferredDERP ?? 0);
    }
}
