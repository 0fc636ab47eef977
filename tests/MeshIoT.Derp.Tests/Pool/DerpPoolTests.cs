using System;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>The pool in ordinary life: home, other regions, packets both ways.</summary>
public class DerpPoolTests
{
    static readonly NodePublicKey Peer = NodePublicKey.FromBytes(TestKeys.Count(0x60, 32));

    [Fact]
    public async Task Home_is_connected_at_once_and_told_so_and_packets_go_both_ways()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.Network.NextAsync();
        ClientInfo info = await relay.LetInAsync();
        Assert.True(info.CanAckPings);
        Assert.Equal(h.Self, relay.Client);
        Assert.Equal("1a", relay.Node.Name);
        Assert.StartsWith("GET /derp HTTP/1.1\r\nHost: a1.example:443\r\n", relay.Request, StringComparison.Ordinal);
        Assert.DoesNotContain("Ideal-Node", relay.Request, StringComparison.Ordinal);
        Assert.Equal([1], await relay.ReadAsync(FrameType.NotePreferred));

        await PoolHarness.UntilAsync(() => h.Pool.IsConnected(1));
        Assert.True(h.Pool.Send(1, Peer, "21.5"u8));
        byte[] sent = await relay.ReadAsync(FrameType.SendPacket);
        Assert.Equal(Peer, PacketFrame.KeyOf(sent));
        Assert.Equal("21.5"u8.ToArray(), sent[32..]);

        await relay.SendPacketAsync(Peer, "22.0"u8.ToArray());
        await PoolHarness.UntilAsync(() => !h.Heard.Packets.IsEmpty);
        Assert.True(h.Heard.Packets.TryDequeue(out var got));
        Assert.Equal((1, Peer), (got.Region, got.From));
        Assert.Equal("22.0"u8.ToArray(), got.Packet);
        Assert.True(h.State(1) is { IsHome: true, IsConnected: true, PacketsSent: 1, PacketsReceived: 1, Connects: 1, Code: "r1", Node: "1a" });
    }

    [Fact]
    public async Task Another_region_is_connected_by_its_first_packet_and_closed_a_minute_after_its_last()
    {
        await using PoolHarness h = new();
        Assert.False(h.Pool.Send(77, Peer, "x"u8));
        h.Pool.Send(2, Peer, "first"u8);
        ScriptedRelay relay = await h.LetInAsync();
        System.Collections.Concurrent.ConcurrentQueue<byte[]> packets = new();
        Task end = relay.ServeAsync(packets);
        await PoolHarness.UntilAsync(() => packets.Count == 1);
        await h.AdvanceAsync(TimeSpan.FromSeconds(50));
        h.Pool.Send(2, Peer, "last"u8);
        await PoolHarness.UntilAsync(() => packets.Count == 2);
        await h.AdvanceAsync(TimeSpan.FromSeconds(50));
        Assert.True(h.Pool.IsConnected(2));
        await h.AdvanceUntilAsync(() => !h.Pool.IsConnected(2), TimeSpan.FromSeconds(15));
        await end.WaitAsync(TimeSpan.FromSeconds(30));
        await h.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, h.Network.Dials);
        Assert.Null(h.State(2).LastFault);
    }

    [Fact]
    public async Task A_home_that_rests_stays_connected_as_long_as_its_relay_says_something()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        for (int minute = 0; minute < 10; minute++)
        {
            await h.AdvanceAsync(TimeSpan.FromSeconds(65));
            long before = h.State(1).BytesReceived;
            await relay.WriteAsync([(byte)FrameType.KeepAlive, 0, 0, 0, 0]);
            await PoolHarness.UntilAsync(() => h.State(1).BytesReceived > before);
        }

        Assert.True(h.Pool.IsConnected(1));
        Assert.Equal(1, h.Network.Dials);
    }

    [Fact]
    public async Task Moving_home_connects_the_new_one_first_and_leaves_the_old_one_a_minute()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay old = await h.LetInAsync();
        await old.ReadAsync(FrameType.NotePreferred);
        h.Pool.PrepareHome(2);
        ScriptedRelay next = await h.LetInAsync();
        await h.AdvanceAsync(TimeSpan.FromSeconds(70));
        Assert.True(h.Pool.IsConnected(2));

        h.Pool.SetHome(2);
        Assert.Equal(2, h.Pool.Home);
        Assert.Equal([0], await old.ReadAsync(FrameType.NotePreferred));
        Assert.Equal([1], await next.ReadAsync(FrameType.NotePreferred));
        await old.SendPacketAsync(Peer, "late"u8.ToArray());
        await PoolHarness.UntilAsync(() => !h.Heard.Packets.IsEmpty);
        await next.WriteAsync([(byte)FrameType.KeepAlive, 0, 0, 0, 0]);
        await h.AdvanceUntilAsync(() => !h.Pool.IsConnected(1), TimeSpan.FromSeconds(75));
        Assert.True(h.Pool.IsConnected(2));
    }

    [Fact]
    public async Task A_relay_that_does_not_answer_is_passed_over_for_the_next_of_its_region()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay dumb = await h.Network.NextAsync();
        Assert.Equal("1a", dumb.Node.Name);
        await h.AdvanceUntilAsync(() => h.Network.Dials == 2, TimeSpan.FromSeconds(3));
        ScriptedRelay second = await h.LetInAsync();
        Assert.Equal("1b", second.Node.Name);
        Assert.Contains("Ideal-Node: 1a\r\n", second.Request, StringComparison.Ordinal);
        Assert.Equal("1b", h.State(1).Node);
    }

    [Fact]
    public async Task A_region_is_tried_for_ever_with_pauses_that_grow_to_a_limit()
    {
        await using PoolHarness h = new();
        h.Network.IsDown = true;
        h.Pool.SetHome(1);
        await PoolHarness.UntilAsync(() => h.State(1).LastFault is not null);
        Assert.Equal(Faults.RelayUnreachable, h.State(1).LastFault!.Fault);
        await h.AdvanceAsync(TimeSpan.FromMinutes(5));
        int dials = h.Network.Dials;
        Assert.InRange(dials, 2 * 20, 2 * 80); // two relays a round; pauses of 5 to 15 s once they have grown
        h.Network.IsDown = false;
        await h.AdvanceUntilAsync(() => h.Network.Dials > dials, TimeSpan.FromSeconds(16));
        await h.LetInAsync();
        Assert.True(h.State(1).IsConnected);
    }

    [Fact]
    public async Task A_change_of_the_network_ends_the_pause_and_doubts_what_is_connected()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        await relay.ReadAsync(FrameType.Ping);
        h.Pool.NetworkChanged();
        byte[] ping = await relay.ReadAsync(FrameType.Ping);
        byte[] pong = new byte[PingFrame.FrameSize];
        PingFrame.TryRead(ping, out PingFrame asked);
        asked.Write(pong, FrameType.Pong);
        await relay.WriteAsync(pong);
        await PoolHarness.UntilAsync(() => h.State(1).Latency is not null);
        await h.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.True(h.Pool.IsConnected(1));

        h.Network.IsDown = true;
        h.Pool.NetworkChanged();
        await h.AdvanceUntilAsync(() => !h.Pool.IsConnected(1), TimeSpan.FromSeconds(5));
        Assert.Equal(Faults.RelaySilent, h.State(1).LastFault!.Fault);
        await h.AdvanceAsync(TimeSpan.FromMinutes(2));
        h.Network.IsDown = false;
        h.Pool.NetworkChanged();
        await h.LetInAsync(); // no virtual time goes by
    }

    [Fact]
    public async Task A_change_of_the_network_begins_an_old_dial_anew()
    {
        await using PoolHarness h = new();
        h.Pool.SetMap(new() { Regions = new System.Collections.Generic.Dictionary<int, Tailcfg.DerpRegion?> { [1] = new() { Nodes = [new() { Name = "1a", HostName = "a1.example" }] } } });
        h.Pool.SetHome(1);
        await h.Network.NextAsync(); // nobody answers there
        h.Pool.NetworkChanged();
        await h.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(1, h.Network.Dials);
        h.Pool.NetworkChanged();
        await h.LetInAsync(); // no virtual time goes by
        Assert.Null(h.State(1).LastFault);
    }

    [Fact]
    public async Task A_new_map_keeps_the_regions_that_are_the_same()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        h.Pool.SetMap(PoolHarness.Map(1, 3));
        Assert.True(h.Pool.IsConnected(1));
        Assert.False(h.Pool.Send(2, Peer, "x"u8));
        Assert.Equal([1, 3], h.Pool.States.Select(s => s.Region));

        h.Pool.SetMap(PoolHarness.Map(3));
        await relay.ReadToEndAsync();
        Assert.Null(h.Pool.StateOf(1));
        h.Pool.SetMap(PoolHarness.Map(1));
        ScriptedRelay again = await h.LetInAsync();
        Assert.Equal([1], await again.ReadAsync(FrameType.NotePreferred));
    }
}
