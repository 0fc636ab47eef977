using System;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Health;
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
    public async Task An_update_that_the_coordinator_does_not_take_is_sent_again()
    {
        await using LoopbackStun stun = new();
        await using TestNodes nodes = new();
        nodes.Tailnet.Relays = LoopbackStun.MapOf(stun);
        nodes.Tailnet.RefusedUpdates = 2;
        await nodes.JoinAsync("gateway");
        await nodes.EventuallyAsync(() => nodes.Tailnet.LastUpdate?.Hostinfo?.NetInfo?.DERPLatency is not null);
        Assert.Equal(0, nodes.Tailnet.RefusedUpdates);
        Assert.True(nodes.Tailnet.Updates > 2);
    }

    [Fact]
    public async Task A_home_that_leaves_the_map_is_replaced_and_the_coordinator_hears_of_the_new_one_first()
    {
        await using LoopbackStun one = new(), two = new();
        await using TestNodes nodes = new();
        DerpMap both = LoopbackStun.MapOf(one, two);
        nodes.Tailnet.Relays = new DerpMap { Regions = both.Regions!.Where(static entry => entry.Key == 1).ToDictionary() };
        TailnetNode node = await nodes.JoinAsync("gateway");
        await nodes.EventuallyAsync(() => nodes.Tailnet.LastUpdate?.Hostinfo?.NetInfo?.PreferredDERP == 1 && node.HomeRelay == 1);
        nodes.Tailnet.RefusedUpdates = 1;
        nodes.Tailnet.Relays = new DerpMap { Regions = new System.Collections.Generic.Dictionary<int, DerpRegion?> { [1] = null, [2] = both.Regions![2] } };
        nodes.Tailnet.Push();
        await nodes.EventuallyAsync(() => node.HomeRelay == 2);
        Assert.Equal(0, nodes.Tailnet.RefusedUpdates);
        Assert.Equal(2, nodes.Tailnet.LastUpdate!.Hostinfo!.NetInfo!.PreferredDERP);
    }

    [Fact]
    public async Task A_home_relay_that_cannot_be_reached_is_shown_with_its_reason()
    {
        await using LoopbackStun stun = new(); // answers STUN, but nobody is at the relay's port
        await using TestNodes nodes = new();
        nodes.Tailnet.Relays = LoopbackStun.MapOf(stun);
        TailnetNode node = await nodes.JoinAsync("gateway");
        await nodes.EventuallyAsync(() => node.Status.Health.Any(static fault => fault.Fault == Faults.RelayUnreachable));
        Assert.Contains("r1 (", node.Status.Health.First(static fault => fault.Fault == Faults.RelayUnreachable).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_whose_relay_stays_away_is_left_for_another_one_though_it_answers_stun()
    {
        await using LoopbackStun one = new(), two = new(); // nobody is at either relay's port
        await using TestNodes nodes = new();
        nodes.Tailnet.Relays = LoopbackStun.MapOf(one, two);
        TailnetNode node = await nodes.JoinAsync("gateway");
        await nodes.EventuallyAsync(() => node.HomeRelay != 0);
        int first = node.HomeRelay;
        await nodes.EventuallyAsync(() => node.HomeRelay != first);
        await nodes.EventuallyAsync(() => nodes.Tailnet.LastUpdate?.Hostinfo?.NetInfo?.PreferredDERP != first);
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
