using System;
using System.Security.Cryptography;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>Relays of one region: their clients reach each other, whichever they are at.</summary>
public class MeshTests
{
    static MeshKey NewKey()
    {
        Assert.True(MeshKey.TryParse(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), out MeshKey? key));
        return key!;
    }

    static MeshPeer PeerOf(TestRelay relay) => new("127.0.0.1", relay.Server.Listening.Port, relay.Pin);

    // Each dials the other, and itself, as relays with one configuration for all do.
    static async Task<(TestRelay One, TestRelay Two)> StartPairAsync()
    {
        MeshKey key = NewKey();
        TestRelay two = await TestRelay.StartAsync(change: o => o with { MeshKey = key });
        TestRelay one = await TestRelay.StartAsync(change: o => o with { MeshKey = key, MeshPeers = [PeerOf(two)] });
        two.Server.AddMeshPeer(PeerOf(two));
        two.Server.AddMeshPeer(PeerOf(one));
        await TestRelay.UntilAsync(() => one.Server.MeshLinksUp == 1 && two.Server.MeshLinksUp == 1, "both know each other");
        return (one, two);
    }

    [Fact]
    public async Task Clients_of_two_relays_reach_each_other_and_are_told_when_the_other_is_gone()
    {
        (TestRelay one, TestRelay two) = await StartPairAsync();
        await using (one)
        await using (two)
        {
            using ScriptedClient here = one.Join(), there = two.Join();
            await TestRelay.UntilAsync(() => one.Figure("mesh_keys") == 1 && two.Figure("mesh_keys") == 1, "each is known at the other relay");
            here.SendPacket(there.Key, "hello"u8);
            (NodePublicKey from, byte[] packet) = there.ReceivePacket();
            Assert.Equal(here.Key, from);
            Assert.Equal("hello"u8, packet);
            there.SendPacket(here.Key, "and back"u8);
            Assert.Equal("and back"u8, here.ReceivePacket().Packet);
            here.Break();
            Assert.Equal(new PeerGoneFrame(here.Key, PeerGoneReason.Disconnected), there.ReceiveGone());
            await TestRelay.UntilAsync(() => two.Figure("mesh_keys") == 0, "it is known nowhere");
        }
    }

    [Fact]
    public async Task A_relay_that_dies_takes_its_clients_with_it()
    {
        (TestRelay one, TestRelay two) = await StartPairAsync();
        await using (one)
        {
            using ScriptedClient here = one.Join(), there = two.Join();
            await TestRelay.UntilAsync(() => one.Figure("mesh_keys") == 1, "it is known");
            there.SendPacket(here.Key, "hello"u8);
            here.ReceivePacket();
            await two.DisposeAsync();
            Assert.Equal(new PeerGoneFrame(there.Key, PeerGoneReason.Disconnected), here.ReceiveGone());
            await TestRelay.UntilAsync(() => one.Figure("mesh_keys") == 0, "nobody is elsewhere");
        }
    }

    [Fact]
    public async Task Only_who_knows_the_key_may_speak_as_a_relay()
    {
        MeshKey key = NewKey();
        await using TestRelay relay = await TestRelay.StartAsync(change: o => o with { MeshKey = key });
        using ScriptedClient stranger = relay.Connect(), client = relay.Join();
        stranger.Upgrade();
        stranger.Prove(NodePrivateKey.Generate(new SystemRandomSource()), new ClientInfo { MeshKey = new string('0', 64) });
        stranger.SendFrame(FrameType.WatchConns, []);
        stranger.ExpectClosed();
        client.ExpectNothing();
        Assert.Equal("[redacted]", key.ToString());
    }

    [Fact]
    public async Task A_relay_forwards_watches_and_closes()
    {
        MeshKey key = NewKey();
        await using TestRelay relay = await TestRelay.StartAsync(change: o => o with { MeshKey = key });
        using ScriptedClient client = relay.Join(), mesh = relay.Connect();
        mesh.Upgrade();
        mesh.Prove(NodePrivateKey.Generate(new SystemRandomSource()), new ClientInfo { MeshKey = key.Reveal() });
        mesh.SendFrame(FrameType.WatchConns, []);
        PeerPresentFlags client0 = default, mesh0 = default;
        for (int i = 0; i < 2; i++)
        {
            (FrameType type, byte[] body) = mesh.Receive();
            Assert.Equal(FrameType.PeerPresent, type);
            Assert.True(PeerPresentFrame.TryRead(body, out PeerPresentFrame present));
            _ = present.Peer == client.Key ? client0 = present.Flags : mesh0 = present.Flags;
        }

        Assert.Equal((PeerPresentFlags.Regular, PeerPresentFlags.Regular | PeerPresentFlags.MeshPeer), (client0, mesh0));
        NodePublicKey far = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;
        byte[] frame = new byte[DerpFrames.HeaderSize + 64 + 3];
        PacketFrame.WriteForwardHeader(frame, far, client.Key, 3);
        mesh.Send(frame);
        Assert.Equal(far, client.ReceivePacket().From);
        mesh.SendFrame(FrameType.ClosePeer, client.Key.ToArray());
        client.ExpectClosed();
        Assert.Equal(new PeerGoneFrame(client.Key, PeerGoneReason.Disconnected), mesh.ReceiveGone());
    }

    [Fact]
    public async Task A_packet_is_never_forwarded_twice()
    {
        (TestRelay one, TestRelay two) = await StartPairAsync();
        await using (one)
        await using (two)
        {
            using ScriptedClient mesh = one.Connect(), there = two.Join();
            await TestRelay.UntilAsync(() => one.Figure("mesh_keys") == 1, "it is known");
            mesh.Upgrade();
            mesh.Prove(NodePrivateKey.Generate(new SystemRandomSource()), new ClientInfo { MeshKey = one.MeshKey!.Reveal() });
            byte[] frame = new byte[DerpFrames.HeaderSize + 64 + 3];
            PacketFrame.WriteForwardHeader(frame, mesh.Key, there.Key, 3);
            mesh.Send(frame);
            mesh.ExpectNothing();
            there.ExpectNothing();
        }
    }
}
