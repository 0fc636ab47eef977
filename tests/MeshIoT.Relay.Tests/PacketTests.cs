using System;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>What happens to frames.</summary>
public class PacketTests
{
    static byte[] Disco(byte mark)
    {
        byte[] packet = new byte[100];
        ((ReadOnlySpan<byte>)[0x54, 0x53, 0xF0, 0x9F, 0x92, 0xAC]).CopyTo(packet);
        packet[99] = mark;
        return packet;
    }

    [Fact]
    public async Task Packets_arrive_in_order_with_their_senders_key()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient one = relay.Join(), other = relay.Join();
        for (int i = 0; i < 50; i++)
        {
            one.SendPacket(other.Key, BitConverter.GetBytes(i));
        }

        for (int i = 0; i < 50; i++)
        {
            (NodePublicKey from, byte[] packet) = other.ReceivePacket();
            Assert.Equal((one.Key, i), (from, BitConverter.ToInt32(packet)));
        }

        other.SendPacket(one.Key, []);
        Assert.Empty(one.ReceivePacket().Packet);
    }

    [Fact]
    public async Task The_longest_packet_passes_whole_in_whatever_pieces_it_comes()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient one = relay.Join(), other = relay.Join();
        byte[] packet = new byte[DerpFrames.LargestPacket];
        new Random(7).NextBytes(packet);
        byte[] frame = new byte[DerpFrames.PacketHeaderSize + packet.Length];
        PacketFrame.Write(frame, FrameType.SendPacket, other.Key, packet);
        foreach (byte[] piece in frame.Chunk(5001))
        {
            one.Send(piece);
        }

        Assert.Equal(packet, other.ReceivePacket().Packet);
    }

    [Theory]
    [InlineData(FrameType.SendPacket, DerpFrames.KeySize + DerpFrames.LargestPacket + 1)]
    [InlineData(FrameType.SendPacket, 31)]
    [InlineData(FrameType.NotePreferred, 2)]
    [InlineData(FrameType.Ping, 7)]
    [InlineData(FrameType.Ping, 1001)]
    [InlineData((FrameType)0x77, (1 << 20) + 1)]
    public async Task A_frame_of_an_impossible_length_ends_the_connection_and_no_other(FrameType type, int length)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient bad = relay.Join(), good = relay.Join();
        bad.SendFrame(type, new byte[Math.Min(length, 40)], (uint)length);
        bad.ExpectClosed();
        good.ExpectNothing();
    }

    [Theory]
    [InlineData(FrameType.ForwardPacket, 64)]
    [InlineData(FrameType.WatchConns, 0)]
    [InlineData(FrameType.ClosePeer, 32)]
    public async Task What_only_relays_may_say_ends_a_clients_connection(FrameType type, int length)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join();
        client.SendFrame(type, new byte[length]);
        client.ExpectClosed();
    }

    [Fact]
    public async Task Frames_of_unknown_types_are_skipped_however_long()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join();
        client.SendFrame((FrameType)0x66, new byte[1 << 20]);
        client.SendFrame((FrameType)0xff, []);
        client.ExpectNothing();
        Assert.Equal(2, relay.Figure("unknown_frames_total"));
    }

    [Fact]
    public async Task A_pong_has_the_first_eight_bytes_of_its_ping()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join();
        client.SendFrame(FrameType.Ping, [8, 7, 6, 5, 4, 3, 2, 1, 99, 99]);
        (FrameType type, byte[] body) = client.Receive();
        Assert.Equal((FrameType.Pong, "0807060504030201"), (type, Convert.ToHexString(body)));
    }

    [Fact]
    public async Task Homes_are_counted()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join();
        client.SendFrame(FrameType.NotePreferred, [1]);
        client.SendFrame(FrameType.NotePreferred, [1]);
        client.ExpectNothing();
        Assert.Equal(1, relay.Figure("home_clients"));
        client.Dispose();
        await TestRelay.UntilAsync(() => relay.Figure("home_clients") == 0, "nobody's home");
    }

    [Fact]
    public async Task Discovery_for_somebody_who_is_not_here_is_answered_three_times_and_then_once_a_second()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join();
        NodePublicKey nobody = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;
        for (byte i = 0; i < 10; i++)
        {
            client.SendPacket(nobody, Disco(i));
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(new PeerGoneFrame(nobody, PeerGoneReason.NotHere), client.ReceiveGone());
        }

        client.ExpectNothing();
        await relay.AdvanceAsync(TimeSpan.FromSeconds(1));
        client.SendPacket(nobody, Disco(0));
        client.SendPacket(nobody, Disco(1));
        client.ReceiveGone();
        client.ExpectNothing();
    }

    [Fact]
    public async Task Other_packets_for_somebody_who_is_not_here_are_dropped_without_a_word()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join();
        client.SendPacket(NodePrivateKey.Generate(new SystemRandomSource()).PublicKey, new byte[100]);
        client.ExpectNothing();
    }

    [Fact]
    public async Task Who_had_packets_from_a_node_is_told_when_it_is_gone_and_nobody_else()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient leaving = relay.Join(), friend = relay.Join(), stranger = relay.Join();
        leaving.SendPacket(friend.Key, "hello"u8);
        friend.ReceivePacket();
        stranger.SendPacket(leaving.Key, "are you there?"u8);
        leaving.ReceivePacket();
        leaving.Break();
        Assert.Equal(new PeerGoneFrame(leaving.Key, PeerGoneReason.Disconnected), friend.ReceiveGone());
        stranger.ExpectNothing();
        friend.ExpectNothing();
    }

    [Fact]
    public async Task A_client_hears_something_every_minute()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join();
        await relay.AdvanceAsync(TimeSpan.FromSeconds(59));
        client.ExpectNothing();
        await relay.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(FrameType.KeepAlive, client.Receive().Type);
        await relay.AdvanceAsync(TimeSpan.FromSeconds(65));
        Assert.Equal(FrameType.KeepAlive, client.Receive().Type);
        client.ExpectNothing();
    }
}
