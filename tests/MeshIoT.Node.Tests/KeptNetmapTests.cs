using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;
using MeshIoT.Tailcfg;
using MeshIoT.Tests;
using Xunit;
using WireNode = MeshIoT.Tailcfg.Node;

namespace MeshIoT.Node.Tests;

/// <summary>The netmap on the disk: what it is good for, when it is written, and what becomes of a bad one.</summary>
public sealed class KeptNetmapTests : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("meshiot-kept-");
    readonly ManualTime time = new();
    readonly HealthBoard health = new(static () => { });
    readonly NodePublicKey own = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;
    readonly NodePublicKey peerKey = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;

    string KeptPath => Path.Combine(directory.FullName, "netmap.kept");

    public void Dispose() => directory.Delete(recursive: true);

    static bool Says(NodeStatus status, Fault fault) => status.Health.Any(report => report.Fault == fault);

    // A netmap as a new stream would bring it: equal content, no shared objects.
    Netmap Map(string peerName = "reader", bool online = true, string endpoint = "192.0.2.1:41641", int port = 80, DateTimeOffset? expiry = null) =>
        new NetmapBuilder(own, time).Apply(MapFrame.From(new MapResponse
        {
            Node = new WireNode { ID = 1, Name = "gateway.tail.example.", Key = own, Addresses = ["100.64.0.1/32"], MachineAuthorized = true, LastSeen = online ? null : time.GetUtcNow() },
            Domain = "tail.example",
            Peers =
            [
                new WireNode
                {
                    ID = 2, Name = peerName + ".tail.example.", Key = peerKey, Addresses = ["100.64.0.2/32"], Endpoints = [endpoint],
                    Online = online, LastSeen = online ? null : time.GetUtcNow(), KeyExpiry = expiry, MachineAuthorized = true,
                },
            ],
            PacketFilters = new Dictionary<string, IReadOnlyList<FilterRule>?>
            {
                ["base"] = [new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = new PortRange((ushort)port, (ushort)port) }] }],
            },
        }));

    [Fact]
    public async Task With_the_coordinator_away_a_node_that_starts_again_talks_to_its_peers_and_says_what_it_knows_from_when()
    {
        await using TestNodes nodes = new();
        (TailnetNode gateway, TailnetNode reader) = await nodes.JoinTwoAsync();
        await nodes.WaitAsync(reader, static status => status.Peers.Count == 1);
        await nodes.StopAsync(reader);
        nodes.Tailnet.Away = true;
        reader = await nodes.StartAsync("reader");
        Assert.Equal(BackendState.Running, reader.Status.BackendState);
        Assert.Equal("100.64.0.2", reader.Status.Self.Addresses[0].ToString());
        await reader.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);
        await gateway.PingAsync("reader", TimeSpan.FromSeconds(20), nodes.Limit);
        await nodes.WaitAsync(reader, static status => Says(status, Faults.KeptNetmapInUse));
        nodes.Tailnet.Away = false;
        await nodes.WaitAsync(reader, static status => status.CoordinatorConnected && status.Health.Count == 0);
    }

    [Fact]
    public async Task A_netmap_that_is_damaged_is_passed_over_with_a_warning()
    {
        await using TestNodes nodes = new();
        await nodes.StopAsync(await nodes.JoinAsync("gateway"));
        string path = Path.Combine(nodes.Directory.FullName, "gateway", "netmap.kept");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        nodes.Tailnet.Away = true;
        TailnetNode node = await nodes.StartAsync("gateway");
        Assert.NotEqual(BackendState.Running, node.Status.BackendState);
        Assert.True(Says(node.Status, Faults.KeptNetmapUnreadable));
        nodes.Tailnet.Away = false;
        await nodes.WaitAsync(node, static status => status.BackendState == BackendState.Running);
    }

    [Fact]
    public async Task Keys_that_have_expired_since_are_honoured()
    {
        await using TestNodes nodes = new() { Clock = time };
        TailnetNode gateway = await nodes.JoinAsync("gateway"), reader = await nodes.JoinAsync("reader");
        nodes.Tailnet.Change("reader", keyExpiry: time.GetUtcNow().AddDays(1));
        nodes.Tailnet.Change("gateway", keyExpiry: time.GetUtcNow().AddDays(3));
        await nodes.WaitAsync(gateway, static status => status.Peers.Count == 1 && status.KeyExpiry is not null);
        await nodes.StopAsync(gateway);
        await nodes.StopAsync(reader);
        nodes.Tailnet.Away = true;
        time.Advance(TimeSpan.FromDays(2));
        gateway = await nodes.StartAsync("gateway");
        Assert.Equal(BackendState.Running, gateway.Status.BackendState);
        Assert.Empty(gateway.Status.Peers);
        await nodes.StopAsync(gateway);
        time.Advance(TimeSpan.FromDays(2));
        gateway = await nodes.StartAsync("gateway");
        Assert.Equal(BackendState.NeedsLogin, gateway.Status.BackendState);
        Assert.True(Says(gateway.Status, Faults.NodeKeyExpired));
        Assert.Empty(gateway.Status.Self.Addresses);
    }

    [Fact]
    public async Task Leaving_the_tailnet_leaves_no_netmap_behind()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.JoinAsync("gateway");
        await nodes.StopAsync(node);
        string path = Path.Combine(nodes.Directory.FullName, "gateway", "netmap.kept");
        Assert.True(File.Exists(path));
        node = await nodes.StartAsync("gateway");
        await node.LogoutAsync(nodes.Limit);
        await nodes.StopAsync(node);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Down_and_up_again_needs_no_coordinator()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.JoinAsync("gateway");
        await node.DownAsync(nodes.Limit);
        await nodes.StopAsync(node);
        nodes.Tailnet.Away = true;
        node = await nodes.StartAsync("gateway");
        Assert.Equal(BackendState.Stopped, node.Status.BackendState);
        Assert.Empty(node.Status.Self.Addresses);
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.UpAsync(new UpRequest(), patience.Token));
        await nodes.WaitAsync(node, static status => status.BackendState == BackendState.Running && status.Self.Addresses.Count == 2);
    }

    [Fact]
    public void Only_what_a_restart_would_miss_is_written_and_not_often()
    {
        using NetmapKeeper keeper = new(directory.FullName, health, time);
        keeper.Offer(Map());
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, keeper.Writes);

        // A day of peers that come and go, and of streams that begin anew.
        for (int i = 0; i < 24 * 60; i++)
        {
            keeper.Offer(Map(online: i % 2 == 0));
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, keeper.Writes);

        // A day of peers that move.
        for (int i = 0; i < 24 * 60; i++)
        {
            keeper.Offer(Map(endpoint: $"192.0.2.1:{1000 + i}"));
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(keeper.Writes, 4, 6);

        // A new name, at once; an hour in which the policy changes all the time.
        int before = keeper.Writes;
        time.Advance(TimeSpan.FromMinutes(15));
        keeper.Offer(Map(peerName: "boiler"));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before + 1, keeper.Writes);
        for (int i = 0; i < 60; i++)
        {
            keeper.Offer(Map(peerName: "boiler", port: 100 + i));
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(keeper.Writes, before + 6, before + 8);
    }

    [Fact]
    public async Task What_is_left_is_written_at_the_end_and_a_netmap_like_the_kept_one_is_not_written_again()
    {
        using (NetmapKeeper keeper = new(directory.FullName, health, time))
        {
            keeper.Offer(Map());
        }

        Assert.True(File.Exists(KeptPath));
        using NetmapKeeper again = new(directory.FullName, health, time);
        (Netmap Netmap, DateTimeOffset WrittenAt)? kept = await again.LoadAsync(own, CancellationToken.None);
        Assert.Equal(time.GetUtcNow(), kept!.Value.WrittenAt);
        Assert.Equal("reader", kept.Value.Netmap.Peers.Single().Label);
        again.Offer(Map(online: false));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, again.Writes);
        Assert.Null(await again.LoadAsync(peerKey, CancellationToken.None));
        Assert.Equal("kept-netmap-unreadable", Assert.Single(health.Current).Fault.Code);
    }

    [Fact]
    public void A_netmap_that_cannot_be_written_is_told_and_tried_again_with_the_next()
    {
        Directory.CreateDirectory(KeptPath);
        using NetmapKeeper keeper = new(directory.FullName, health, time);
        keeper.Offer(Map());
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("netmap-not-kept", Assert.Single(health.Current).Fault.Code);
        Directory.Delete(KeptPath);
        time.Advance(TimeSpan.FromMinutes(10));
        keeper.Offer(Map());
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(health.Current);
        Assert.Equal(1, keeper.Writes);
    }

    [Fact]
    public async Task Any_file_with_a_bent_bit_or_a_lost_end_or_of_noise_is_known_and_never_thrown_at()
    {
        KeptNetmapFile.Write(KeptPath, Map(), time.GetUtcNow());
        byte[] good = await File.ReadAllBytesAsync(KeptPath);
        Assert.NotNull((await KeptNetmapFile.ReadAsync(KeptPath, own, time, CancellationToken.None)).Netmap);
        string path = Path.Combine(directory.FullName, "bent");

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            (Netmap? netmap, _, string? fault) = KeptNetmapFile.ReadAsync(path, own, time, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Assert.Null(netmap);
            Assert.NotNull(fault);
        }

        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 7]).Sample(
            (at, bit) =>
            {
                byte[] bent = (byte[])good.Clone();
                bent[at] ^= (byte)(1 << bit);
                Refused(bent);
            },
            iter: 300, threads: 1);
        Gen.Int[0, good.Length - 1].Sample(length => Refused(good[..length]), iter: 100, threads: 1);
        Gen.Byte.Array[0, 300].Sample(Refused, iter: 100, threads: 1);
    }

    [Theory]
    [InlineData(1970, 0, 2026)]
    [InlineData(1970, 57, 2027)]
    [InlineData(1970, 5000, 2026)]
    [InlineData(2028, 57, 2028)]
    public void A_clock_that_is_certainly_wrong_is_set_right_by_the_coordinator_and_no_other_is(int clockYear, int yearsAhead, int guess)
    {
        DateTimeOffset clock = new(clockYear, 6, 1, 0, 0, 0, TimeSpan.Zero);
        DateTimeOffset best = ClockFloor.BestGuess(new NodeState(), clock, TimeSpan.FromDays(365.25 * yearsAhead));
        Assert.Equal(guess, best.Year);
    }
}
