using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>One key, several connections: the last that said something has the packets, and all stay.</summary>
public class DuplicateTests
{
    [Fact]
    public async Task Packets_go_to_the_connection_that_spoke_last()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        NodePrivateKey key = NodePrivateKey.Generate(new SystemRandomSource());
        using ScriptedClient first = relay.Join(key), second = relay.Join(key), other = relay.Join();
        other.SendPacket(key.PublicKey, "to the newest"u8);
        Assert.Equal("to the newest"u8, second.ReceivePacket().Packet);
        first.ExpectNothing();
        other.SendPacket(key.PublicKey, "to the one that spoke"u8);
        Assert.Equal("to the one that spoke"u8, first.ReceivePacket().Packet);
        second.ExpectNothing();
        other.SendPacket(key.PublicKey, "and back"u8);
        Assert.Equal("and back"u8, second.ReceivePacket().Packet);
        Assert.Equal(1, relay.Figure("shared_keys"));
    }

    [Fact]
    public async Task When_one_of_them_leaves_the_other_has_the_packets_and_nobody_is_told_that_the_node_is_gone()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        NodePrivateKey key = NodePrivateKey.Generate(new SystemRandomSource());
        using ScriptedClient first = relay.Join(key), second = relay.Join(key), other = relay.Join();
        second.SendPacket(other.Key, "hello"u8);
        other.ReceivePacket();
        second.Break();
        await TestRelay.UntilAsync(() => relay.Server.Clients == 2, "one connection has left");
        other.SendPacket(key.PublicKey, "still there"u8);
        Assert.Equal("still there"u8, first.ReceivePacket().Packet);
        other.ExpectNothing();
        first.Break();
        Assert.Equal(new PeerGoneFrame(key.PublicKey, PeerGoneReason.Disconnected), other.ReceiveGone());
    }
}
