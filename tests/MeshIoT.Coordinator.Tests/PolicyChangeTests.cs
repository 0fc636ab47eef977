using System;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Setting the policy, in one step or not at all; and the audit log.</summary>
public class PolicyChangeTests
{
    const string HubOnly = """{"tagOwners": {"tag:hub": [], "tag:sensor": []}, "acls": [{"action": "accept", "src": ["tag:hub"], "dst": ["tag:sensor:80"]}]}""";

    [Fact]
    public async Task A_policy_that_cannot_be_read_or_whose_tests_fail_changes_nothing_and_is_told_with_its_line()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await coordinator.SetPolicyAsync(HubOnly);
        Tailnet before = coordinator.Tailnet;
        string[] bad =
        [
            "{\n  \"acls\": [\n    {\"action\": \"accept\", \"src\": [\"group:nobody\"], \"dst\": [\"*:*\"]},\n  ],\n}",
            "{\n\n  \"tagOwners\": {\"tag:hub\": []},\n  \"acls\": [{\"action\": \"accept\", \"src\": [\"owner@\"], \"dst\": [\"tag:hub:80\"]}],\n  \"tests\": [\n    {\"src\": \"owner@\", \"deny\": [\"tag:hub:80\"], \"accept\": [\"100.64.0.9:22\"]},\n  ],\n}",
            "", "{", new string('[', 100_000),
        ];
        foreach (string text in bad)
        {
            PolicyOutcome outcome = await PolicyChange.SetAsync(coordinator.State, text, "test");
            Assert.False(outcome.IsGood);
            Assert.NotEmpty(outcome.Errors);
            Assert.All(outcome.Errors, e => Assert.True(e is { Line: > 0, Column: > 0 } && e.Message.Length > 0, e.ToString()));
            Assert.Equal(outcome.Errors.Select(e => e.ToString()), PolicyChange.Check(coordinator.Tailnet, text).Errors.Select(e => e.ToString()));
        }

        Assert.Equal(3, (await PolicyChange.SetAsync(coordinator.State, bad[0], "test")).Errors[0].Line);
        Assert.Equal(6, (await PolicyChange.SetAsync(coordinator.State, bad[1], "test")).Errors[0].Line);
        Assert.Same(before.Policy, coordinator.Tailnet.Policy);
        Assert.Same(before.Access, coordinator.Tailnet.Access);
    }

    [Fact]
    public async Task An_editor_that_started_from_another_version_is_told_and_the_policy_in_force_survives_a_restart()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        Assert.True((await PolicyChange.SetAsync(coordinator.State, HubOnly, "ann", 0)).IsGood);
        PolicyOutcome late = await PolicyChange.SetAsync(coordinator.State, "{}", "bob", 0);
        Assert.True(late.IsConflict);
        Assert.Equal((1L, "ann", HubOnly), (late.Policy!.Id, late.Policy.Author, late.Policy.Text));
        await coordinator.RestartAsync();
        Assert.Equal((1L, HubOnly), (coordinator.Tailnet.Policy!.Id, coordinator.Tailnet.Policy.Text));
        Assert.False(coordinator.Tailnet.Access.Document.AllowsAll);
        Assert.Equal(2, (await PolicyChange.SetAsync(coordinator.State, "{}", "bob", 1)).Policy!.Id);
        Assert.Equal(["bob", "ann"], coordinator.Audit().Where(a => a.Action == "policy.set").Select(a => a.Actor));
    }

    [Fact]
    public async Task A_policy_change_that_cuts_a_connection_takes_peers_and_filters_away_at_once()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using Gateway hub = new(coordinator, "hub"), sensor = new(coordinator, "sensor"), second = new(coordinator, "sensor");
        foreach ((Gateway gateway, string tag) in new[] { (hub, "tag:hub"), (sensor, "tag:sensor"), (second, "tag:sensor") })
        {
            Assert.Equal("", (await gateway.RegisterAsync(await coordinator.KeyForAsync(1, [tag]))).Error);
            gateway.StartMap();
            await gateway.UntilAsync(m => m.Self.ID > 0);
        }

        await sensor.UntilAsync(m => m.Peers.Count == 2);
        await coordinator.SetPolicyAsync(HubOnly);
        await sensor.UntilAsync(m => m.Peers.Count == 1 && m.Peers.First().ID == hub.Id && m.PacketFilter is [{ DstPorts: [{ Ports: { First: 80, Last: 80 } }, ..] }]);
        await second.UntilAsync(m => m.Peers.Count == 1 && m.Peers.First().ID == hub.Id);
        await hub.UntilAsync(m => m.Peers.Count == 2 && m.PacketFilter.Count == 0);
        await coordinator.SetPolicyAsync("""{"acls": []}""");
        await hub.UntilAsync(m => m.Peers.Count == 0);
        await sensor.UntilAsync(m => m.Peers.Count == 0 && m.PacketFilter.Count == 0);
    }

    [Fact]
    public async Task Ssh_rules_and_node_attributes_reach_the_nodes_they_are_for_and_go_again()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using Gateway a = new(coordinator, "alpha"), b = new(coordinator, "beta");
        await a.RegisterAsync(await coordinator.KeyForAsync(1));
        await b.RegisterAsync(await coordinator.KeyForAsync(1, ["tag:box"]));
        a.StartMap();
        b.StartMap();
        await b.UntilAsync(m => m.Self.ID > 0);
        await a.UntilAsync(m => m.Self.ID > 0);
        await coordinator.SetPolicyAsync("""
            {"tagOwners": {"tag:box": []}, "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}], "nodeAttrs": [{"target": ["tag:box"], "attr": ["randomize-client-port"]}],
             "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:box"], "users": ["root"]}]}
            """);
        Netmap got = await b.UntilAsync(m => m.SshPolicy is { } ssh && ssh.Rules!.Count == 1 && m.Self.CapMap!.ContainsKey("randomize-client-port"));
        Assert.False(a.Netmap.Self.CapMap!.ContainsKey("randomize-client-port"));
        Assert.Contains("root", got.SshPolicy!.Rules![0].SshUsers!.Keys);
        await coordinator.SetPolicyAsync("{}");
        await b.UntilAsync(m => m.SshPolicy is { } ssh && ssh.Rules is not { Count: > 0 } && !m.Self.CapMap!.ContainsKey("randomize-client-port"));
    }

    [Fact]
    public async Task Refusals_are_summed_up_in_the_audit_log_however_many_there_are()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(TestCoordinator.Quick with { RefusalSummary = TimeSpan.Zero });
        await using TestNode node = coordinator.NewNode("x");
        for (int i = 0; i < 20; i++)
        {
            Assert.NotEqual("", (await node.RegisterAsync("nonsense")).Error);
        }

        // Anything that is due wakes the housekeeper.
        await using TestNode other = await coordinator.JoinAsync("y", await coordinator.KeyForAsync(1));
        await coordinator.ChangeNodeAsync(1, n => n with { KeyExpiry = DateTimeOffset.UtcNow.AddMilliseconds(50) });
        AuditEntry? entry;
        while ((entry = coordinator.Audit().FirstOrDefault(a => a.Action == "register.refuse")) is null)
        {
            await Task.Delay(20);
        }

        Assert.Equal(("127.0.0.1", "coordinator"), (entry.Target, entry.Actor));
        Assert.StartsWith("auth-key-malformed, ", entry.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(coordinator.Audit(), a => a.Detail.Contains("nonsense", StringComparison.Ordinal));
    }
}
