using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>Relays that stall, flood, lie and break off: bounded memory and work, a fault that says so, recovery by itself.</summary>
public class HostileRelayTests
{
    static readonly NodePublicKey Peer = NodePublicKey.FromBytes(TestKeys.Count(0x60, 32));

    static async Task RecoversAsync(PoolHarness h, Fault fault, double withinSeconds = 20)
    {
        await PoolHarness.UntilAsync(() => h.State(1) is { IsConnected: false, LastFault: not null });
        Assert.Equal(fault, h.State(1).LastFault!.Fault);
        while (h.Network.TryNext(out _))
        {
        }

        int dials = h.Network.Dials;
        await h.AdvanceUntilAsync(() => h.Network.Dials > dials, TimeSpan.FromSeconds(withinSeconds));
        await h.LetInAsync();
        Assert.True(h.Pool.IsConnected(1));
    }

    [Fact]
    public async Task One_that_never_tells_its_key_is_given_up()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.Network.NextAsync();
        await relay.UpgradeAsync();
        await h.AdvanceUntilAsync(() => h.State(1).LastFault is not null, TimeSpan.FromSeconds(14));
        await RecoversAsync(h, Faults.RelaySilent);
    }

    [Fact]
    public async Task One_that_closes_after_our_info_has_refused_us()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.Network.NextAsync();
        await relay.UpgradeAsync();
        byte[] frame = new byte[DerpFrames.HeaderSize + ServerKeyFrame.Size];
        new ServerKeyFrame(TestKeys.Key(0xc1).PublicKey).Write(frame);
        await relay.WriteAsync(frame);
        await relay.ReadAsync(FrameType.ClientInfo);
        await relay.DisposeAsync();
        await RecoversAsync(h, Faults.RelayRefused, 90);
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task A_server_that_is_something_else_is_no_relay_and_is_not_followed(string answer)
    {
        await using PoolHarness h = new();
        h.Pool.SetMap(new() { Regions = new Dictionary<int, Tailcfg.DerpRegion?> { [1] = new() { Nodes = [new() { Name = "1a", HostName = "a1.example" }] } } });
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.Network.NextAsync();
        await relay.UpgradeAsync(answer);
        await RecoversAsync(h, Faults.NotARelay, 90);
    }

    [Fact]
    public async Task Endless_headers_are_cut_off()
    {
        await using PoolHarness h = new();
        h.Pool.SetMap(new() { Regions = new Dictionary<int, Tailcfg.DerpRegion?> { [1] = new() { Nodes = [new() { Name = "1a", HostName = "a1.example" }] } } });
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.Network.NextAsync();
        await relay.UpgradeAsync("HTTP/1.1 101 Switching Protocols\r\n" + string.Concat(Enumerable.Repeat("X-More: and more\r\n", 1000)));
        await RecoversAsync(h, Faults.NotARelay, 90);
    }

    [Theory]
    [InlineData("01000000284445525000000000")]
    [InlineData("0100000028ffffffffffffffff3a553d74792d727efa9b9a4cde3da1ad93f1a2d0c09cb639b1a3c0fda14cbe24")]
    [InlineData("010000002844455250f09f94910000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("010000002844455250f09f94910100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("05ffffffff")]
    public async Task First_words_that_make_no_sense_end_it(string hex)
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.Network.NextAsync();
        await relay.UpgradeAsync();
        byte[] bytes = Convert.FromHexString(hex);
        await relay.WriteAsync(bytes);
        if (bytes.Length < 20 && bytes[0] == 1)
        {
            await relay.DisposeAsync();
            await RecoversAsync(h, Faults.RelayConnectionLost, 90);
        }
        else
        {
            await RecoversAsync(h, Faults.RelayProtocol, 90);
        }
    }

    [Fact]
    public async Task An_info_that_does_not_open_ends_it()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.Network.NextAsync();
        await relay.UpgradeAsync();
        byte[] frame = new byte[DerpFrames.HeaderSize + ServerKeyFrame.Size], info = new byte[DerpFrames.HeaderSize + 60];
        new ServerKeyFrame(TestKeys.Key(0xc1).PublicKey).Write(frame);
        DerpFrames.WriteHeader(info, FrameType.ServerInfo, 60);
        await relay.WriteAsync([.. frame, .. info]);
        await RecoversAsync(h, Faults.RelayProtocol, 90);
    }

    [Fact]
    public async Task An_oversized_frame_ends_it_and_a_close_in_mid_frame_too()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        await relay.WriteAsync([(byte)FrameType.RecvPacket, 0, 0x20, 0, 0]);
        await RecoversAsync(h, Faults.RelayProtocol, 90);

        await using PoolHarness other = new();
        other.Pool.SetHome(1);
        relay = await other.LetInAsync();
        await relay.SendPacketAsync(Peer, "whole"u8.ToArray());
        await relay.WriteAsync([(byte)FrameType.RecvPacket, 0, 0, 1, 0, 1, 2, 3]);
        await relay.DisposeAsync();
        await RecoversAsync(other, Faults.RelayConnectionLost);
        Assert.Equal("whole"u8.ToArray(), Assert.Single(other.Heard.Packets).Packet);
    }

    [Fact]
    public async Task One_that_falls_silent_is_given_up_after_two_minutes()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        await h.LetInAsync();
        TimeSpan gone = await h.AdvanceUntilAsync(() => !h.Pool.IsConnected(1), TimeSpan.FromSeconds(130));
        Assert.InRange(gone.TotalSeconds, 110, 130);
        await RecoversAsync(h, Faults.RelaySilent);
    }

    [Fact]
    public async Task One_that_is_dead_while_we_send_is_given_up_within_ten_seconds_or_so()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        await h.LetInAsync();
        h.Pool.Send(1, Peer, "anybody there?"u8);
        TimeSpan gone = await h.AdvanceUntilAsync(() => !h.Pool.IsConnected(1), TimeSpan.FromSeconds(20));
        Assert.InRange(gone.TotalSeconds, 8, 15);
        await RecoversAsync(h, Faults.RelaySilent);
    }

    [Fact]
    public async Task One_that_takes_nothing_costs_a_bounded_queue_and_is_given_up()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        byte[] packet = new byte[1280];
        for (int i = 0; i < 5000; i++)
        {
            h.Pool.Send(1, Peer, packet);
        }

        await PoolHarness.UntilAsync(() => h.State(1).PacketsDropped > 4000);
        await h.AdvanceUntilAsync(
            () =>
            {
                _ = relay.WriteAsync([(byte)FrameType.KeepAlive, 0, 0, 0, 0]); // it talks, but does not listen
                return !h.Pool.IsConnected(1);
            },
            TimeSpan.FromSeconds(35));
        await RecoversAsync(h, Faults.RelayStalled);
    }

    [Fact]
    public async Task A_receiver_that_is_slow_makes_the_relay_wait_and_loses_nothing_of_what_was_read()
    {
        await using PoolHarness h = new();
        h.Heard.Holds = true;
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        const int Count = 500;
        Task flood = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                byte[] packet = new byte[1280];
                BitConverter.TryWriteBytes(packet, i);
                await relay.SendPacketAsync(Peer, packet);
            }
        });
        await PoolHarness.UntilAsync(() => h.Heard.Held.Count == 4);
        await h.AdvanceAsync(TimeSpan.FromSeconds(200)); // it was we who did not listen: no reason to call the relay silent
        Assert.False(flood.IsCompleted);
        Assert.Equal(4, h.Heard.Held.Count);
        Assert.True(h.Pool.IsConnected(1));
        h.Heard.Holds = false;
        h.Heard.Held.ForEach(static batch => batch.Return());
        h.Heard.Held.ForEach(static batch => batch.Return()); // twice does no harm
        await flood.WaitAsync(TimeSpan.FromSeconds(60));
        await PoolHarness.UntilAsync(() => h.Heard.Packets.Count == Count);
        Assert.Equal(Enumerable.Range(0, Count), h.Heard.Packets.Select(p => BitConverter.ToInt32(p.Packet)));
    }

    [Fact]
    public async Task A_flood_of_pings_is_answered_as_far_as_there_is_room()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        await relay.SendPingAsync(42);
        Assert.True(PingFrame.TryRead(await relay.ReadAsync(FrameType.Pong), out PingFrame pong));
        Assert.Equal(42u, pong.Payload);
        for (ulong i = 0; i < 20_000; i++)
        {
            await relay.SendPingAsync(i);
        }

        await relay.SendPacketAsync(Peer, "after"u8.ToArray());
        await PoolHarness.UntilAsync(() => !h.Heard.Packets.IsEmpty);
        Assert.True(h.Pool.IsConnected(1));
        Assert.InRange(h.State(1).BytesSent, 1, 20_000 * PingFrame.FrameSize);
    }

    [Fact]
    public async Task A_flood_of_departed_peers_is_passed_on_as_far_as_it_can_be_true()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        byte[] frame = new byte[PeerGoneFrame.FrameSize];
        new PeerGoneFrame(Peer, PeerGoneReason.NotHere).Write(frame);
        for (int i = 0; i < 5000; i++)
        {
            await relay.WriteAsync(frame);
        }

        await relay.SendPacketAsync(Peer, "after"u8.ToArray());
        await PoolHarness.UntilAsync(() => !h.Heard.Packets.IsEmpty);
        Assert.InRange(h.Heard.Gone.Count, 1, 1100);
        Assert.Equal((1, Peer, PeerGoneReason.NotHere), h.Heard.Gone.First());
    }

    [Fact]
    public async Task What_it_says_of_the_connection_is_shown_in_one_clean_line_until_it_takes_it_back()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        byte[] frame = new byte[2000];
        int length = SmallFrames.WriteHealth(frame, Encoding.UTF8.GetBytes("duplicate\r\n\u001b[31mclient \u202e" + new string('x', 1500)));
        await relay.WriteAsync(frame[..length]);
        await PoolHarness.UntilAsync(() => h.State(1).Complaint is not null);
        Assert.StartsWith("duplicate   [31mclient", h.State(1).Complaint, StringComparison.Ordinal);
        Assert.InRange(h.State(1).Complaint!.Length, 10, 200);
        Assert.Equal(Faults.RelayComplains, h.State(1).LastFault!.Fault);
        await relay.WriteAsync(frame[..SmallFrames.WriteHealth(frame, [])]);
        await PoolHarness.UntilAsync(() => h.State(1).LastFault is null);
    }

    [Fact]
    public async Task A_relay_that_restarts_is_left_alone_for_as_long_as_it_asks()
    {
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        ScriptedRelay relay = await h.LetInAsync();
        byte[] frame = new byte[RestartingFrame.FrameSize];
        new RestartingFrame(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)).Write(frame);
        await relay.WriteAsync(frame);
        await PoolHarness.UntilAsync(() => h.State(1).BytesReceived >= frame.Length);
        await relay.DisposeAsync();
        await PoolHarness.UntilAsync(() => !h.Pool.IsConnected(1));
        TimeSpan gone = await h.AdvanceUntilAsync(() => h.Network.Dials == 2, TimeSpan.FromSeconds(8));
        Assert.InRange(gone.TotalSeconds, 4, 8);
    }

    [Fact]
    public async Task Random_bytes_after_the_handshake_never_stop_the_pool()
    {
        Random random = new(5);
        await using PoolHarness h = new();
        h.Pool.SetHome(1);
        for (int round = 0; round < 30; round++)
        {
            ScriptedRelay relay = await h.LetInAsync();
            byte[] bytes = new byte[random.Next(3000)];
            random.NextBytes(bytes);
            if (round % 2 == 0 && bytes.Length > 5)
            {
                bytes.AsSpan(1, 2).Clear(); // a length that is believed for a while
                bytes[0] = (byte)random.Next(0x16);
            }

            await relay.WriteAsync(bytes);
            await relay.DisposeAsync();
            int dials = h.Network.Dials;
            await h.AdvanceUntilAsync(() => h.Network.Dials > dials || h.Network.Dials == round + 2, TimeSpan.FromMinutes(2));
        }
    }
}
