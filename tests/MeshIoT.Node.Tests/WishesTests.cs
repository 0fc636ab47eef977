using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Node.Kernel;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Tags, routes, names and lifetimes a node asks for, and what it does with those of others.</summary>
public class WishesTests
{
    static readonly UpRequest Join = new() { AuthKey = FakeTailnet.GoodKey };

    [Fact]
    public async Task Tags_routes_and_lifetime_are_asked_for_and_asked_for_again_after_a_restart()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.StartAsync("gateway");
        await node.UpAsync(
            Join with { AdvertiseTags = ["tag:sensor", "roof"], AdvertiseRoutes = ["192.168.7.0/24", "fd00:7::/64"], AdvertiseExitNode = true, Hostname = "attic" },
            nodes.Limit);
        await nodes.StopAsync(node);
        node = await nodes.StartAsync("gateway");
        await nodes.WaitAsync(node, static status => status.CoordinatorConnected);
        Assert.All(nodes.Tailnet.Registrations, static request =>
        {
            Assert.Equal(["tag:roof", "tag:sensor"], request.Hostinfo!.RequestTags);
            Assert.Equal(["192.168.7.0/24", "fd00:7::/64", "0.0.0.0/0", "::/0"], request.Hostinfo.RoutableIPs);
            Assert.Equal("attic", request.Hostinfo.Hostname);
        });
    }

    [Fact]
    public async Task What_is_not_named_stays_and_reset_takes_it_back()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.StartAsync("gateway");
        await node.UpAsync(Join with { AdvertiseTags = ["sensor"], AdvertiseRoutes = ["10.1.0.0/16"], Hostname = "attic" }, nodes.Limit);
        int registered = nodes.Tailnet.Registrations.Count;
        await node.UpAsync(new UpRequest { AdvertiseExitNode = true }, nodes.Limit);
        await nodes.EventuallyAsync(() => nodes.Tailnet.LastUpdate?.Hostinfo!.RoutableIPs is { Count: 3 });
        Assert.Equal(registered, nodes.Tailnet.Registrations.Count);
        await node.UpAsync(new UpRequest { AdvertiseRoutes = [] }, nodes.Limit);
        await nodes.EventuallyAsync(() => nodes.Tailnet.LastUpdate?.Hostinfo!.RoutableIPs is ["0.0.0.0/0", "::/0"]);
        Assert.Equal(["tag:sensor"], nodes.Tailnet.LastUpdate!.Hostinfo!.RequestTags);

        await node.UpAsync(new UpRequest { Reset = true }, nodes.Limit);
        Assert.True(nodes.Tailnet.Registrations.Count > registered);
        Hostinfo now = nodes.Tailnet.Registrations[^1].Hostinfo!;
        Assert.True(now is { RequestTags: null, RoutableIPs: null, Hostname: "gateway" });
    }

    [Fact]
    public async Task An_ephemeral_node_says_that_it_is_and_leaves_when_it_stops()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.StartAsync("gateway");
        await node.UpAsync(Join with { Ephemeral = true }, nodes.Limit);
        Assert.True(nodes.Tailnet.Registrations[^1].Ephemeral);
        await nodes.StopAsync(node);
        Assert.Equal(1970, nodes.Tailnet.Registrations[^1].Expiry!.Value.Year);
        Assert.Empty(nodes.Tailnet.Names);
    }

    [Fact]
    public async Task A_logout_the_coordinator_does_not_hear_of_is_done_all_the_same_and_told()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.JoinAsync("gateway");
        nodes.Tailnet.Away = true;
        await node.LogoutAsync(nodes.Limit);
        Assert.Equal("logout-not-told", Assert.Single(node.Status.Health).Fault.Code);
        Assert.Null(StateReader.Read(Path.Combine(nodes.Directory.FullName, "gateway", "state.json")).NodeKey);
    }

    [Theory]
    [InlineData("tag:")]
    [InlineData("tag:1roof")]
    [InlineData("tag:ro of")]
    [InlineData("tag:rööf")]
    public async Task A_tag_that_is_none_is_told_before_anybody_is_asked(string tag)
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.StartAsync("gateway");
        FaultException fault = await Assert.ThrowsAsync<FaultException>(() => node.UpAsync(Join with { AdvertiseTags = [tag] }, nodes.Limit));
        Assert.Equal("tag-invalid", fault.Report.Fault.Code);
        Assert.Empty(nodes.Tailnet.Registrations);
    }

    [Theory]
    [InlineData("192.168.7.0")]
    [InlineData("192.168.7.1/24")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("127.0.0.0/8")]
    [InlineData("224.0.0.0/4")]
    [InlineData("router/24")]
    [InlineData("")]
    public void A_route_that_is_none_is_told(string route)
    {
        FaultException fault = Assert.Throws<FaultException>(() => NodeWishes.CheckRoutes([route]));
        Assert.Equal("route-invalid", fault.Report.Fault.Code);
    }

    [Fact]
    public async Task Networks_behind_peers_are_taken_only_on_wish_and_default_routes_never()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        nodes.Tailnet.Change("gateway", routes: ["192.168.7.0/24", "0.0.0.0/0", "192.168.8.5/32"]);
        await nodes.EventuallyAsync(() => Reaches(reader, "192.168.8.5"));
        Assert.False(Reaches(reader, "192.168.7.9"));
        await reader.UpAsync(new UpRequest { AcceptRoutes = true }, nodes.Limit);
        Assert.True(Reaches(reader, "192.168.7.9"));
        Assert.False(Reaches(reader, "8.8.8.8"));
        await reader.UpAsync(new UpRequest { AdvertiseRoutes = ["192.168.7.0/24"] }, nodes.Limit);
        Assert.False(Reaches(reader, "192.168.7.9"));
        Assert.NotNull(gateway);
    }

    // What cannot be reached is said at once; what can is a matter of time.
    static bool Reaches(TailnetNode node, string address)
    {
        Task<PingReply> ping = node.PingAsync(address, TimeSpan.FromMilliseconds(1), default);
        FaultException fault = Assert.IsType<FaultException>(Record(ping));
        return fault.Report.Fault != Faults.NoSuchNode;
    }

    static Exception? Record(Task task)
    {
        try
        {
            task.GetAwaiter().GetResult();
            return null;
        }
        catch (FaultException e)
        {
            return e;
        }
    }

    [Theory]
    [InlineData("192.168.7.0/24", false, "1", "1", "routes-need-kernel-mode")]
    [InlineData("192.168.7.0/24", true, "0", "1", "forwarding-off")]
    [InlineData("192.168.7.0/24", true, "1", "0", null)]
    [InlineData("fd00:7::/64", true, "1", "0", "forwarding-off")]
    [InlineData("fd00:7::/64", true, null, null, null)]
    [InlineData(null, false, "0", "0", null)]
    public void A_kernel_that_does_not_forward_is_told(string? route, bool kernel, string? four, string? six, string? code)
    {
        FaultReport? report = ForwardingCheck.Check(
            route is null ? [] : [IPNetwork.Parse(route)], kernel, path => path.Contains("ipv4", StringComparison.Ordinal) ? four : six);
        Assert.Equal(code, report?.Fault.Code);
    }
}
