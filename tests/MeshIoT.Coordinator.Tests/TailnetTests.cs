using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>A real coordinator and real connections, in one process: what nodes see of each other. control-plane.md sections 5 and 7.</summary>
public class TailnetTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_nodes_join_by_key_and_see_each_other_and_each_others_endpoints(bool zstd)
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode a = await coordinator.JoinAsync("alpha");
        using MapReader mapA = await a.OpenMapAsync(zstd);
        MapResponse first = (await mapA.NextAsync())!;
        Assert.Equal("alpha.tail.example.", first.Node!.Name);
        Assert.Equal(["100.64.0.1/32", "fd7a:115c:a1e0::1/128"], first.Node.Addresses);
        Assert.True(first.Node.MachineAuthorized);
        Assert.Equal(a.NodeKey, first.Node.Key);
        Assert.Null(first.Peers);
        Assert.Equal(("tail.example", true), (first.Domain, first.DNSConfig!.Proxied));
        Assert.Equal("*", first.PacketFilters!["base"]![0].DstPorts![0].IP);
        Assert.True(first.Debug!.DisableLogTail);
        Assert.Equal([1L, 2147455555L], first.UserProfiles!.Select(u => u.ID));
        Assert.InRange((DateTimeOffset.UtcNow - first.ControlTime!.Value).TotalSeconds, -5, 60);
        Assert.DoesNotContain("null,", System.Text.RegularExpressions.Regex.Replace(mapA.LastJson, "/cap/[a-z-]+\":null,", ""));

        await using TestNode b = await coordinator.JoinAsync("beta");
        Node peer = (await mapA.UntilAsync(f => f.PeersChanged is { Count: 1 })).PeersChanged![0];
        Assert.Equal(("beta.tail.example.", "linux", 130), (peer.Name, peer.Hostinfo!.OS, peer.Cap));

        using MapReader mapB = await b.OpenMapAsync(zstd);
        Assert.Equal("alpha.tail.example.", (await mapB.NextAsync())!.Peers!.Single().Name);
        await mapA.UntilPeerAsync(p => p.Online == true);

        Assert.Equal((200, ""), await b.UpdateAsync(["192.0.2.7:41641", "[fe80::1]:9"]));
        PeerChange updated = (await mapA.UntilAsync(f => f.PeersChangedPatch?.SingleOrDefault()?.Endpoints?.Count == 1)).PeersChangedPatch!.Single();
        Assert.Equal((peer.ID, "192.0.2.7:41641"), (updated.NodeID, updated.Endpoints![0]));
        Assert.Equal(b.NodeKey, mapA.Netmap.Peers.Single().Key);
    }

    [Fact]
    public async Task A_restart_keeps_key_nodes_names_and_addresses_and_the_nodes_come_back_without_a_key()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        string key = await coordinator.CreateKeyAsync();
        await using TestNode a = await coordinator.JoinAsync("alpha", key);
        await using TestNode b = await coordinator.JoinAsync("beta");
        await b.UpdateAsync(["192.0.2.7:41641"]);
        var serverKey = coordinator.ServerKey;
        using MapReader before = await a.OpenMapAsync();
        MapResponse was = (await before.NextAsync())!;

        await coordinator.RestartAsync();
        Assert.Equal(serverKey, coordinator.ServerKey);
        Assert.Null(await Ended(before));
        await a.ReconnectAsync();
        Assert.Equal("", (await a.RegisterAsync(key)).Error);
        using MapReader after = await a.OpenMapAsync();
        MapResponse now = (await after.NextAsync())!;
        Assert.Equal((was.Node!.ID, was.Node.Name, was.Node.Addresses![0]), (now.Node!.ID, now.Node.Name, now.Node.Addresses![0]));
        Assert.Equal(("beta.tail.example.", "192.0.2.7:41641"), (now.Peers![0].Name, now.Peers[0].Endpoints![0]));
        await using TestNode c = coordinator.NewNode("gamma");
        Assert.StartsWith("auth-key-used:", (await c.RegisterAsync(key)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_stream_ends_the_first_and_the_node_stays_online_and_a_lite_update_disturbs_neither()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode watcher = await coordinator.JoinAsync("watcher");
        await using TestNode a = await coordinator.JoinAsync("alpha");
        using MapReader watch = await watcher.OpenMapAsync();
        using MapReader first = await a.OpenMapAsync();
        await first.NextAsync();
        await watch.UntilPeerAsync(p => p.Online == true);

        await using WireClient other = a.Connect();
        using MapReader second = await a.OpenMapAsync(client: other);
        await second.NextAsync();
        Assert.Null(await Ended(first));
        await Task.Delay(600);   // twice the grace time of this coordinator: long enough to have gone offline wrongly
        Assert.True(coordinator.Tailnet.Nodes[2].Online);
        await a.UpdateAsync(["192.0.2.9:1"]);
        Assert.True((await watch.UntilPeerAsync(p => p.Endpoints.Count == 1)).Online);

        second.Dispose();
        await other.DisposeAsync();
        Assert.NotNull((await watch.UntilPeerAsync(p => p.Online == false)).LastSeen);
    }

    [Fact]
    public async Task A_removed_node_is_told_that_its_key_is_over_and_its_last_peer_that_it_is_gone()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode a = await coordinator.JoinAsync("alpha");
        await using TestNode b = await coordinator.JoinAsync("beta");
        using MapReader mapA = await a.OpenMapAsync();
        using MapReader mapB = await b.OpenMapAsync();
        await mapA.NextAsync();
        await mapB.NextAsync();
        using UnixHttpClient admin = coordinator.Admin();
        await admin.DeleteAsync("api/v1/nodes/n2", CancellationToken.None);
        Assert.Equal([2L], (await mapA.UntilAsync(f => f.PeersRemoved is not null)).PeersRemoved);
        MapResponse farewell = await mapB.UntilAsync(f => f.Node?.KeyExpiry is not null);
        Assert.True(farewell.Node!.KeyExpiry < DateTimeOffset.UtcNow);
        Assert.Null(await Ended(mapB));
        Assert.Equal(404, (await b.UpdateAsync([])).Status);
        Assert.NotEqual("", (await b.RegisterAsync()).AuthURL);
    }

    [Fact]
    public async Task After_logout_the_others_see_the_node_expired_and_it_sees_nobody()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode a = await coordinator.JoinAsync("alpha");
        await using TestNode b = await coordinator.JoinAsync("beta");
        using MapReader mapA = await a.OpenMapAsync();
        await mapA.NextAsync();
        Assert.True((await b.RegisterAsync(expiry: DateTimeOffset.UnixEpoch.AddSeconds(123))).NodeKeyExpired);
        Assert.True((await mapA.UntilAsync(f => f.PeersChangedPatch?.SingleOrDefault()?.KeyExpiry is not null)).PeersChangedPatch![0].KeyExpiry < DateTimeOffset.UtcNow);
        using MapReader mapB = await b.OpenMapAsync();
        MapResponse own = (await mapB.NextAsync())!;
        Assert.Null(own.Peers);
        Assert.Empty(own.PacketFilters!["base"]!);
        Assert.True((await b.RegisterAsync()).NodeKeyExpired);

        // Let in again with a new key: the stream that is open shows everybody again, and its peers see it alive.
        Assert.Equal("", (await b.RegisterAsync(await coordinator.CreateKeyAsync())).Error);
        MapResponse again = await mapB.UntilAsync(f => f.PeersChanged is not null);
        Assert.Equal("alpha.tail.example.", again.PeersChanged!.Single().Name);
        Assert.Null(again.Node!.KeyExpiry);
        Assert.Single(again.PacketFilters!["base"]!);
        await mapA.UntilAsync(f => f.PeersChanged?.SingleOrDefault() is { Expired: false, KeyExpiry: null });
    }

    [Fact]
    public async Task One_netmap_can_be_read_without_a_stream_and_read_only_leaves_no_trace()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode a = await coordinator.JoinAsync("alpha");
        using MapReader once = await a.Client.OpenMapAsync(new MapRequest { Version = 130, NodeKey = a.NodeKey, ReadOnly = true, Endpoints = ["192.0.2.1:1"] });
        Assert.NotNull((await once.NextAsync())!.Node);
        Assert.Null(await once.NextAsync());
        Assert.Empty(coordinator.Tailnet.Nodes[1].Endpoints);
        Assert.False(coordinator.Tailnet.Nodes[1].Online);

        using MapReader stream = await a.OpenMapAsync();
        await stream.NextAsync();
        using MapReader whole = await a.Client.OpenMapAsync(new MapRequest { Version = 130, NodeKey = a.NodeKey });
        Assert.NotNull((await whole.NextAsync())!.Node);
        Assert.Null(await Ended(stream));
    }

    [Fact]
    public async Task A_quiet_stream_is_kept_alive_in_both_encodings()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(new CoordinatorLimits { KeepAlive = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200)) });
        await using TestNode a = await coordinator.JoinAsync("alpha");
        foreach (bool zstd in new[] { false, true })
        {
            using MapReader map = await a.OpenMapAsync(zstd);
            await map.NextAsync();
            await map.UntilAsync(f => f.KeepAlive);
            Assert.Equal("{\"KeepAlive\":true}", map.LastJson);
        }
    }

    [Fact]
    public async Task The_admin_api_lists_what_there_is_and_says_what_is_wrong()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        using UnixHttpClient admin = coordinator.Admin();
        KeyDto made = await admin.PostAsync("api/v1/keys", new CreateKeyDto { Tags = ["tag:sensor"], Description = "barn" }, AdminJson.Default.CreateKeyDto, AdminJson.Default.KeyDto, CancellationToken.None);
        Assert.True(ProvisioningText.TryParse(made.Claim, out ProvisioningText? code, out _));
        Assert.Equal($"http://{coordinator.Listening}/", code.LoginServer!.ToString());
        Assert.Equal(made.Key, code.ExportAuthKey());
        Assert.True(code.Pin!.Value.Matches(coordinator.ServerKey));
        Assert.DoesNotContain(made.Key!, made.ToString());

        await using TestNode a = await coordinator.JoinAsync("alpha", made.Key);
        KeyDto listed = (await admin.GetAsync("api/v1/keys", AdminJson.Default.KeyListDto, CancellationToken.None)).Keys.Single();
        Assert.Equal((made.Id, null, null, 1L), (listed.Id, listed.Key, listed.Claim, listed.Uses));
        NodeDto node = (await admin.GetAsync("api/v1/nodes", AdminJson.Default.NodeListDto, CancellationToken.None)).Nodes.Single();
        Assert.Equal(("n1", "alpha.tail.example", "100.64.0.1"), (node.Id, node.Name, node.Addresses[0]));
        Assert.Equal(["tag:sensor"], node.Tags);
        await admin.DeleteAsync("api/v1/keys/" + made.Id, CancellationToken.None);

        foreach ((CreateKeyDto bad, string why) in new[]
        {
            (new CreateKeyDto { ExpirySeconds = -1 }, "expirySeconds"), (new CreateKeyDto { ExpirySeconds = long.MaxValue }, "expirySeconds"),
            (new CreateKeyDto { Tags = ["nope"] }, "tag"), (new CreateKeyDto { Tags = [null] }, "tag"), (new CreateKeyDto { Description = new string('x', 999) }, "description"),
        })
        {
            var refused = await Assert.ThrowsAsync<MeshIoT.Health.FaultException>(() => admin.PostAsync("api/v1/keys", bad, AdminJson.Default.CreateKeyDto, AdminJson.Default.KeyDto, CancellationToken.None));
            Assert.Equal("admin-request-invalid", refused.Report.Fault.Code);
            Assert.Contains(why, refused.Report.Message);
        }

        foreach (string missing in new[] { "api/v1/keys/k99", "api/v1/nodes/n99", "api/v1/nodes/x", "api/v1/keys/k1" })
        {
            var refused = await Assert.ThrowsAsync<MeshIoT.Health.FaultException>(() => admin.DeleteAsync(missing, CancellationToken.None));
            Assert.Equal(MeshIoT.Health.ExitCodes.NotFound, refused.Report.Fault.ExitCode);
        }

        Assert.Equal(System.IO.UnixFileMode.UserRead | System.IO.UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(coordinator.SocketPath));
        Assert.DoesNotContain(made.Key!, coordinator.Log);
    }

    // The end of a stream that the server closed: whatever frames were on their way first.
    static async Task<MapResponse?> Ended(MapReader map)
    {
        try
        {
            while (await map.NextAsync() is not null)
            {
            }
        }
        catch (Exception e) when (e is System.IO.IOException or System.Net.Http.HttpRequestException)
        {
            // Reset rather than closed: over all the same.
        }

        return null;
    }
}
