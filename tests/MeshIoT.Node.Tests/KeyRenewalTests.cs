using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;
using MeshIoT.Tailcfg;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>A node key's life: renewed in time, expired, extended, replaced on demand; control-plane.md section 4, flow 4, and section 8.</summary>
public class KeyRenewalTests
{
    const string Page = "https://coordinator.test/a/1";

    readonly ManualTime time = new();

    DateTimeOffset InDays(double days) => time.GetUtcNow().AddDays(days);

    static string StatePath(TestNodes nodes) => Path.Combine(nodes.Directory.FullName, "gateway", "state.json");

    async Task<TailnetNode> JoinAsync(TestNodes nodes, double days)
    {
        nodes.Tailnet.NewMembers = (InDays(days), true);
        TailnetNode node = await nodes.JoinAsync("gateway");
        Assert.Equal(InDays(days), node.Status.KeyExpiry);
        return node;
    }

    [Fact]
    public async Task A_key_is_replaced_before_it_expires_and_the_node_keeps_its_place_and_its_peers()
    {
        await using TestNodes nodes = new() { Clock = time };
        TailnetNode node = await JoinAsync(nodes, 100);
        nodes.Tailnet.NewMembers = (null, true);
        TailnetNode peer = await nodes.JoinAsync("peer");
        await peer.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);
        NodePublicKey old = nodes.Tailnet.KeyOf("gateway");
        nodes.Tailnet.Answers.Enqueue(request =>
        {
            Assert.Equal(old, request.OldNodeKey);
            return nodes.Tailnet.Admit(request);
        });
        time.Advance(TimeSpan.FromDays(80));
        Assert.Equal(old.ToString(), node.Status.Self.NodeKey);
        await nodes.AdvanceUntilAsync(time, TimeSpan.FromHours(12), node, status => status.Self.NodeKey.Length > 0 && status.Self.NodeKey != old.ToString());
        Assert.InRange((time.GetUtcNow() - new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)).TotalDays, 89, 95);
        await nodes.WaitAsync(node, static status => status.CoordinatorConnected);
        Assert.Equal("100.64.0.1", node.Status.Self.Addresses[0].ToString());
        await node.PingAsync("peer", TimeSpan.FromSeconds(20), nodes.Limit);
        NodeState state = StateReader.Read(StatePath(nodes));
        Assert.Null(state.NextNodeKey);
        Assert.True(NodePrivateKey.TryParse(state.NodeKey, out NodePrivateKey? saved));
        Assert.Equal(node.Status.Self.NodeKey, saved.PublicKey.ToString());
    }

    [Fact]
    public async Task A_renewal_that_needs_a_person_is_shown_while_all_runs_on_and_an_extension_ends_it()
    {
        await using TestNodes nodes = new() { Clock = time };
        TailnetNode node = await JoinAsync(nodes, 100);
        bool cancelled = false;
        nodes.Tailnet.Parked.Enqueue((_, _) => Task.FromResult(new RegisterResponse { AuthURL = Page }));
        nodes.Tailnet.Parked.Enqueue(async (_, ct) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                Volatile.Write(ref cancelled, true);
            }

            return new RegisterResponse();
        });
        string key = node.Status.Self.NodeKey;
        await nodes.AdvanceUntilAsync(time, TimeSpan.FromHours(12), node, static status => status.AuthUrl is not null);
        Assert.Equal(BackendState.Running, node.Status.BackendState);
        Assert.Equal(("renewal-needs-approval", "Open " + Page), (node.Status.Health[0].Fault.Code, node.Status.Health[0].Next));
        nodes.Tailnet.Change("gateway", keyExpiry: InDays(300));
        await nodes.WaitAsync(node, static status => status.AuthUrl is null && status.Health.Count == 0);
        await nodes.EventuallyAsync(() => Volatile.Read(ref cancelled));
        Assert.Equal(key, node.Status.Self.NodeKey);
    }

    [Fact]
    public async Task A_coordinator_that_does_not_renew_is_a_warning_then_an_end_and_an_extension_brings_the_node_back_by_itself()
    {
        await using TestNodes nodes = new() { Clock = time };
        TailnetNode node = await JoinAsync(nodes, 100);
        TailnetNode peer = await nodes.JoinAsync("peer");
        nodes.Tailnet.Change("peer");
        string key = node.Status.Self.NodeKey;
        await nodes.AdvanceUntilAsync(time, TimeSpan.FromHours(12), node, static status => status.Health.Any(static r => r.Fault == Faults.NodeKeyExpiring));
        Assert.Equal(BackendState.Running, node.Status.BackendState);
        int asked = nodes.Tailnet.Registrations.Count;
        await nodes.AdvanceUntilAsync(time, TimeSpan.FromHours(1), node, static status => status.BackendState == BackendState.NeedsLogin);
        Assert.Contains(node.Status.Health, static r => r.Fault == Faults.NodeKeyExpired);
        Assert.Empty(node.Status.Self.Addresses);
        Assert.InRange(nodes.Tailnet.Registrations.Count - asked, 1, 60);
        FaultException fault = await Assert.ThrowsAsync<FaultException>(() => node.PingAsync("peer", TimeSpan.FromSeconds(20), nodes.Limit));
        Assert.Equal("not-in-tailnet", fault.Report.Fault.Code);

        nodes.Tailnet.Change("gateway", keyExpiry: InDays(100));
        await nodes.WaitAsync(node, static status => status.BackendState == BackendState.Running && status.Health.Count == 0);
        Assert.Equal(key, node.Status.Self.NodeKey);
        await nodes.WaitAsync(peer, static status => status.Peers.Count == 1);
        await peer.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);
    }

    [Fact]
    public async Task A_peer_whose_key_expires_is_dropped_at_that_moment()
    {
        await using TestNodes nodes = new() { Clock = time };
        TailnetNode node = await nodes.JoinAsync("gateway");
        await nodes.JoinAsync("peer");
        nodes.Tailnet.Change("peer", keyExpiry: InDays(0.2));
        await nodes.WaitAsync(node, static status => status.Peers.Count == 1);
        await nodes.AdvanceUntilAsync(time, TimeSpan.FromHours(1), node, static status => status.Peers.Count == 0);
        nodes.Tailnet.Change("peer", keyExpiry: InDays(1));
        await nodes.WaitAsync(node, static status => status.Peers.Count == 1);
    }

    [Fact]
    public async Task A_new_login_on_demand_keeps_the_old_key_in_use_until_it_is_approved()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        string old = reader.Status.Self.NodeKey;
        TaskCompletionSource approved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        nodes.Tailnet.Parked.Enqueue((_, _) => Task.FromResult(new RegisterResponse { AuthURL = Page }));
        nodes.Tailnet.Parked.Enqueue(async (request, ct) =>
        {
            await approved.Task.WaitAsync(ct);
            return nodes.Tailnet.Admit(request);
        });
        Channel<string?> pages = Channel.CreateUnbounded<string?>();
        UpRequest again = new() { ForceReauth = true, Waiting = (_, page) => pages.Writer.TryWrite(page?.AbsoluteUri) };
        Task up = reader.UpAsync(again, nodes.Limit);
        Assert.Equal(Page, await pages.Reader.ReadAsync(nodes.Limit));
        Task twice = reader.UpAsync(again, nodes.Limit);
        Assert.Equal(Page, await pages.Reader.ReadAsync(nodes.Limit));
        Assert.True(reader.Status is { BackendState: BackendState.Running, LoginPending: true });
        Assert.Equal(old, reader.Status.Self.NodeKey);
        await reader.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);
        NodeState state = StateReader.Read(Path.Combine(nodes.Directory.FullName, "reader", "state.json"));
        Assert.True(NodePrivateKey.TryParse(state.NodeKey, out NodePrivateKey? saved) && saved.PublicKey.ToString() == old);

        approved.SetResult();
        await Task.WhenAll(up, twice);
        await nodes.WaitAsync(reader, status => status.Self.NodeKey != old && status.CoordinatorConnected && !status.LoginPending);
        await reader.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);
        await gateway.PingAsync("reader", TimeSpan.FromSeconds(20), nodes.Limit);
        Assert.Equal("100.64.0.2", reader.Status.Self.Addresses[0].ToString());
    }

    [Fact]
    public async Task A_new_login_that_is_refused_says_so_and_the_old_one_stays()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.JoinAsync("gateway");
        string old = node.Status.Self.NodeKey;
        FaultException fault = await Assert.ThrowsAsync<FaultException>(
            () => node.UpAsync(new UpRequest { ForceReauth = true, AuthKey = "spent-key" }, nodes.Limit));
        Assert.Equal("auth-key-unknown", fault.Report.Fault.Code);
        Assert.DoesNotContain("spent-key", fault.ToString());
        Assert.True(node.Status is { BackendState: BackendState.Running, LoginPending: false, Health.Count: 0 });
        Assert.Equal(old, node.Status.Self.NodeKey);

        nodes.Tailnet.Answers.Enqueue(nodes.Tailnet.Admit);
        await node.UpAsync(new UpRequest { ForceReauth = true, AuthKey = FakeTailnet.GoodKey }, nodes.Limit);
        Assert.NotEqual(old, nodes.Tailnet.KeyOf("gateway").ToString());
        Assert.Equal(FakeTailnet.GoodKey, nodes.Tailnet.Registrations[^1].Auth!.AuthKey);
    }

    // Every save has four steps; the new key is two saves, with the coordinator's yes between them.
    public static TheoryData<int> Steps => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Killed_at_any_step_of_a_renewal_the_node_comes_back_as_the_same_member(int killedAt)
    {
        await using TestNodes nodes = new();
        int step = -1;
        TailnetNodeOptions options = nodes.OptionsFor("gateway") with
        {
            AfterStateStep = _ =>
            {
                if (step >= 0 && ++step == killedAt)
                {
                    nodes.Tailnet.Away = true;
                    throw new InvalidOperationException("killed");
                }
            },
        };
        TailnetNode node = await nodes.StartAsync(options);
        await node.UpAsync(new UpRequest { AuthKey = FakeTailnet.GoodKey }, nodes.Limit);
        nodes.Tailnet.Answers.Enqueue(nodes.Tailnet.Admit);
        step = 0;
        Task up = node.UpAsync(new UpRequest { ForceReauth = true, AuthKey = FakeTailnet.GoodKey }, nodes.Limit);
        await nodes.EventuallyAsync(() => nodes.Tailnet.Away && !node.Status.CoordinatorConnected);
        step = -1;
        await nodes.StopAsync(node);
        await Assert.ThrowsAnyAsync<Exception>(() => up);

        nodes.Tailnet.Answers.Clear();
        nodes.Tailnet.Away = false;
        node = await nodes.StartAsync("gateway");
        await nodes.WaitAsync(node, static status => status is { BackendState: BackendState.Running, CoordinatorConnected: true });
        Assert.Equal(nodes.Tailnet.KeyOf("gateway").ToString(), node.Status.Self.NodeKey);
        Assert.Equal("100.64.0.1", node.Status.Self.Addresses[0].ToString());
        Assert.Equal(["gateway"], nodes.Tailnet.Names);
    }

    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(180.0, true, null, 162.0)]
    [InlineData(10.0, true, null, 9.0)]
    [InlineData(2.0, true, null, 1.5)]
    [InlineData(180.0, false, null, 173.0)]
    [InlineData(180.0, true, 30.0, 150.0)]
    [InlineData(180.0, true, 170.0, 90.0)]
    [InlineData(180.0, true, 0.0, null)]
    [InlineData(null, true, null, null)]
    public void A_renewal_is_due_a_tenth_before_the_end_or_as_the_settings_say(double? life, bool sinceKnown, double? lead, double? due) =>
        Assert.Equal(
            due is { } d ? Start.AddDays(d) : null,
            RenewalSchedule.Due(life is { } days ? Start.AddDays(days) : null, sinceKnown ? Start : null, lead is { } l ? TimeSpan.FromDays(l) : null));

    [Fact]
    public void A_key_that_ended_in_the_year_one_is_due()
    {
        Assert.Equal(DateTimeOffset.MinValue, RenewalSchedule.Due(DateTimeOffset.MinValue, null, null));
        Assert.Equal(DateTimeOffset.MinValue, RenewalSchedule.Due(DateTimeOffset.MinValue.AddDays(1), Start, TimeSpan.FromDays(300)));
    }
}
