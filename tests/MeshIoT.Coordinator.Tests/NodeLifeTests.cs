using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>What becomes of a node that is on the tailnet: approval, expiry, rotation, leaving. control-plane.md sections 4, 7.8, 7.9, 7.12.</summary>
public class NodeLifeTests
{
    static async Task<Gateway> JoinAsync(TestCoordinator coordinator, string hostname, string? key = null, string[]? routes = null)
    {
        Gateway gateway = new(coordinator, hostname) { Routes = routes };
        Assert.Equal("", (await gateway.RegisterAsync(key ?? await coordinator.KeyForAsync(1))).Error);
        gateway.StartMap();
        await gateway.UntilAsync(m => m.Self.ID > 0);
        return gateway;
    }

    [Fact]
    public async Task A_node_that_waits_for_approval_sees_nobody_is_seen_by_nobody_and_is_in_at_once_when_approved()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await coordinator.State.ChangeAsync(edit => { edit.Current = edit.Current with { Settings = edit.Current.Settings with { NodeApproval = true } }; return 0; });
        await using Gateway a = await JoinAsync(coordinator, "alpha");
        await using Gateway b = new(coordinator, "beta");
        Assert.False((await b.RegisterAsync(await coordinator.KeyForAsync(1, preapproved: false))).MachineAuthorized);
        b.StartMap();
        Netmap waiting = await b.UntilAsync(m => m.Self.ID > 0);
        Assert.False(waiting.Self.MachineAuthorized);
        Assert.Empty(waiting.Peers);
        Assert.Empty(waiting.PacketFilter);
        Assert.Empty(a.Netmap.Peers);
        await coordinator.ChangeNodeAsync(b.Id, n => n with { Approved = true });
        await b.UntilAsync(m => m.Self.MachineAuthorized && m.Peers.Count == 1 && m.PacketFilter.Count > 0);
        await a.UntilAsync(m => m.Peers.Count == 1);
    }

    [Fact]
    public async Task A_key_is_over_at_its_moment_for_the_node_and_its_peers_and_an_extension_brings_it_back()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using Gateway a = await JoinAsync(coordinator, "alpha"), b = await JoinAsync(coordinator, "beta");
        await a.UntilAsync(m => m.Peers.Count == 1);
        await b.UntilAsync(m => m.Peers.Count == 1);
        DateTimeOffset end = DateTimeOffset.UtcNow.AddMilliseconds(700);
        await coordinator.ChangeNodeAsync(b.Id, n => n with { KeyExpiry = end });
        await a.UntilAsync(m => m.Peers.First().KeyExpiry is not null);
        Assert.Single(b.Netmap.Peers);
        await b.UntilAsync(m => m.Peers.Count == 0 && m.PacketFilter.Count == 0, "its own end");
        Assert.True(DateTimeOffset.UtcNow >= end);
        Assert.True((await b.RegisterAsync()).NodeKeyExpired);
        Assert.Contains(coordinator.Audit(), e => e is { Actor: "coordinator", Action: "node.expire", Target: "n2" });

        await coordinator.ChangeNodeAsync(b.Id, n => n with { KeyExpiry = DateTimeOffset.UtcNow.AddDays(1) });
        await b.UntilAsync(m => m.Peers.Count == 1 && m.PacketFilter.Count > 0 && m.Self.KeyExpiry > DateTimeOffset.UtcNow);
        await a.UntilAsync(m => m.Peers.First() is { Expired: false } && m.Peers.First().KeyExpiry > DateTimeOffset.UtcNow);
        Assert.False((await b.RegisterAsync()).NodeKeyExpired);
    }

    [Fact]
    public async Task A_new_node_key_keeps_the_node_and_the_old_key_works_until_the_new_one_has_its_netmap()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using Gateway a = await JoinAsync(coordinator, "alpha"), b = await JoinAsync(coordinator, "beta");
        await a.UntilAsync(m => m.Peers.SingleOrDefault()?.Online == true);
        Netmap before = b.Netmap;
        NodePublicKey old = b.NodeKey;
        b.NodeKey = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;
        Assert.Equal("", (await b.RegisterAsync(old: old)).Error);
        await a.UntilAsync(m => m.Peers.Single().Key == b.NodeKey, "the new key");
        Assert.Equal(old, coordinator.Tailnet.Nodes[b.Id].PreviousNodeKey);

        // The stream under the old key goes on; a client that missed the answer may still ask under it.
        await b.Client.SendUpdateAsync(b.Request(false, ["192.0.2.1:1"]) with { NodeKey = old }, default);
        await a.UntilAsync(m => m.Peers.Single().Endpoints is { Count: 1 });
        await b.StopAsync();
        b.Start();
        Netmap after = await b.UntilAsync(m => m.Self.Key == b.NodeKey);
        Assert.Equal((before.Self.ID, before.Self.Name, before.Self.Addresses![0]), (after.Self.ID, after.Self.Name, after.Self.Addresses![0]));
        Assert.Null(coordinator.Tailnet.Nodes[b.Id].PreviousNodeKey);
        Assert.Null(coordinator.Tailnet.FindByNodeKey(old));
    }

    [Fact]
    public async Task A_key_that_ends_cannot_be_changed_without_a_person_and_nobody_takes_over_anothers_node()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using Gateway a = await JoinAsync(coordinator, "alpha"), thief = new(coordinator, "thief");
        NodePublicKey victim = a.NodeKey;
        Assert.NotEqual("", (await thief.RegisterAsync(old: victim)).AuthURL);
        await coordinator.ChangeNodeAsync(a.Id, n => n with { KeyExpiry = DateTimeOffset.UtcNow.AddDays(1) });
        a.NodeKey = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;
        Assert.NotEqual("", (await a.RegisterAsync(old: victim)).AuthURL);
        Assert.Equal(victim, coordinator.Tailnet.Nodes[1].NodeKey);
    }

    [Fact]
    public async Task An_ephemeral_node_goes_when_it_has_been_away_for_its_time()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(TestCoordinator.Quick with { EphemeralTimeout = TimeSpan.FromMilliseconds(500) });
        await using Gateway a = await JoinAsync(coordinator, "alpha"), b = await JoinAsync(coordinator, "beta", await coordinator.KeyForAsync(1, ephemeral: true));
        await a.UntilAsync(m => m.Peers.SingleOrDefault()?.Online == true);
        await b.StopAsync();
        await a.UntilAsync(m => m.Peers.Count == 0, "the end of an ephemeral node");
        Assert.Single(coordinator.Tailnet.Nodes);
        Assert.Contains(coordinator.Audit(), e => e is { Action: "node.delete", Target: "n2" });
    }

    [Fact]
    public async Task A_route_counts_when_announced_and_approved_and_its_next_router_takes_over_when_one_goes()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await coordinator.SetPolicyAsync("""
            {"tagOwners": {"tag:gate": [], "tag:user": [], "tag:other": []}, "autoApprovers": {"routes": {"10.7.0.0/16": ["tag:gate"]}, "exitNode": ["tag:gate"]},
             "acls": [{"action": "accept", "src": ["tag:user"], "dst": ["tag:gate:*", "10.7.1.0/24:*"]}, {"action": "accept", "src": ["tag:other"], "dst": ["tag:gate:22"]}]}
            """);
        string gate = await coordinator.KeyForAsync(1, ["tag:gate"]);
        string[] routes = ["10.7.1.0/24", "192.168.9.0/24", "0.0.0.0/0", "::/0", "100.64.0.0/10", "nonsense"];
        await using Gateway g1 = await JoinAsync(coordinator, "g1", gate, routes), g2 = await JoinAsync(coordinator, "g2", gate, routes);
        await using Gateway user = await JoinAsync(coordinator, "user", await coordinator.KeyForAsync(1, ["tag:user"])), other = await JoinAsync(coordinator, "other", await coordinator.KeyForAsync(1, ["tag:other"]));
        IPNetwork inner = IPNetwork.Parse("10.7.1.0/24");
        Netmap seen = await user.UntilAsync(m => m.Peers.Count == 2 && m.Peers.All(p => p.Online == true));
        Assert.Equal([inner], seen.FindPeer(g1.Id)!.PrimaryRoutes);
        Assert.Contains(inner, seen.FindPeer(g1.Id)!.AllowedIPs);
        Assert.DoesNotContain(IPNetwork.Parse("192.168.9.0/24"), seen.FindPeer(g1.Id)!.AllowedIPs);
        Assert.DoesNotContain(inner, seen.FindPeer(g2.Id)!.AllowedIPs);
        Assert.Empty((await other.UntilAsync(m => m.Peers.Count == 2)).FindPeer(g1.Id)!.PrimaryRoutes);
        Assert.Equal(["10.7.1.0/24", "0.0.0.0/0", "::/0"], coordinator.Tailnet.Nodes[g1.Id].Routes.Select(r => r.ToString()));
        Assert.Contains(coordinator.Audit(), e => e is { Action: "node.routes.approve", Target: "n1" });

        long first = g1.Id;
        await g1.StopAsync();
        await user.UntilAsync(m => m.FindPeer(g2.Id)!.PrimaryRoutes.SequenceEqual([inner]) && m.FindPeer(first)!.PrimaryRoutes.Count == 0, "the other router");
        g1.Start();
        await user.UntilAsync(m => m.FindPeer(first)!.Online == true);
        Assert.Equal([inner], user.Netmap.FindPeer(g2.Id)!.PrimaryRoutes);   // who has it keeps it

        // A person approves the second subnet; the node's own netmap shows what it serves.
        await coordinator.ChangeNodeAsync(first, n => n with { ApprovedRoutes = n.ApprovedRoutes.Add(System.Net.IPNetwork.Parse("192.168.9.0/24")) });
        await g1.UntilAsync(m => m.Self.PrimaryRoutes is ["192.168.9.0/24"]);
    }
}
