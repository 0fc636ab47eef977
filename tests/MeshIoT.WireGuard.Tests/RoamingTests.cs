using System.Linq;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Answers go to where the last authentic datagram came from. WireGuard paper, section 2.1.</summary>
public class RoamingTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire().WithoutJitter();

    [Fact]
    public void A_peer_that_moves_is_followed_by_its_next_packet()
    {
        wire.Connect();
        wire.Initiator.Endpoint = TestNode.EndpointOf("2001:db8::5", 7777);
        wire.Send(wire.Initiator);
        wire.Advance(100);
        Assert.Equal(wire.Initiator.Endpoint, wire.Responder.PeerOf(wire.Initiator).Endpoint);
        wire.Send(wire.Responder);
        wire.Advance(100);
        Assert.Single(wire.Initiator.Delivered);
    }

    [Fact]
    public void Only_authentic_and_new_datagrams_move_a_peer()
    {
        wire.Connect();
        wire.Send(wire.Initiator);
        wire.Advance(100);
        byte[] data = wire.Log.Last(c => c.From == wire.Initiator).Bytes, elsewhere = TestNode.EndpointOf("203.0.113.66", 666);
        wire.Inject(wire.Responder, data, elsewhere);
        data[20] ^= 1;
        wire.Inject(wire.Responder, data, elsewhere);
        Assert.Equal(wire.Initiator.Endpoint, wire.Responder.PeerOf(wire.Initiator).Endpoint);
    }

    [Fact]
    public void Without_an_endpoint_the_shell_is_told_the_peer_and_no_address()
    {
        WireGuardPeer peer = wire.Initiator.PeerOf(wire.Responder);
        peer.SetEndpoint(null);
        peer.RequestHandshake();
        byte[] output = new byte[256];
        Assert.Equal(DeviceResult.SendToNetwork, wire.Initiator.Device.Poll(wire.NowMs, output, 0));
        Assert.Null(wire.Initiator.Device.Endpoint);
        Assert.Same(peer, wire.Initiator.Device.Peer);
        Assert.Equal(MessageType.Initiation, wire.Initiator.Device.SentType);

        // The answer shows where the peer is.
        wire.Inject(wire.Responder, output[..148]);
        wire.Advance(100);
        Assert.Equal(wire.Responder.Endpoint, peer.Endpoint);
    }

    [Fact]
    public void The_response_goes_to_the_source_of_the_initiation()
    {
        wire.Initiator.Endpoint = TestNode.EndpointOf("198.51.100.1", 1);
        wire.Send(wire.Initiator);
        wire.Advance(1000);
        Assert.Single(wire.Responder.Delivered);
    }

    [Fact]
    public void Counters_count_what_was_on_the_wire()
    {
        wire.Send(wire.Initiator, payload: 64);
        wire.Advance(1000);
        WireGuardPeer atInitiator = wire.Initiator.PeerOf(wire.Responder), atResponder = wire.Responder.PeerOf(wire.Initiator);
        Assert.Equal((148 + 32 + 96, 2, 92, 1), (atInitiator.SentBytes, atInitiator.SentPackets, atInitiator.ReceivedBytes, atInitiator.ReceivedPackets));
        Assert.Equal((92, 1, 148 + 32 + 96, 2), (atResponder.SentBytes, atResponder.SentPackets, atResponder.ReceivedBytes, atResponder.ReceivedPackets));
        Assert.Equal(1_000_030, atResponder.LastReceivedMs);
        Assert.Equal(1_000_020, atInitiator.LastHandshakeMs);
        Assert.Equal(1_000_030, atResponder.LastHandshakeMs);
    }
}
