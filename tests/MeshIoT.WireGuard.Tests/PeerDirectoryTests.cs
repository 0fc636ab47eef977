using System;
using System.Linq;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>A shell that makes peers when they are needed and lets them go when they are not.</summary>
public class PeerDirectoryTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire().WithoutJitter();

    TestNode Lazy => wire.Responder;

    Book Open()
    {
        byte[] key = wire.Initiator.Device.PublicKey;
        Lazy.Device.RemovePeer(Lazy.PeerOf(wire.Initiator));
        Book book = new(Lazy.Device, key, wire.Initiator.Endpoint);
        Lazy.Device.Directory = book;
        return book;
    }

    [Fact]
    public void A_peer_is_made_by_its_initiation_and_its_packets_are_delivered()
    {
        Book book = Open();
        wire.Send(wire.Initiator);
        wire.Advance(1000);
        Assert.Equal(1, Lazy.Device.PeerCount);
        Assert.Single(Lazy.Delivered);
        Assert.Equal(1, book.Made);
    }

    [Fact]
    public void A_peer_is_made_by_the_first_packet_for_it()
    {
        Open();
        wire.Send(Lazy);
        wire.Advance(1000);
        Assert.Equal(1, Lazy.Device.PeerCount);
        Assert.Single(wire.Initiator.Delivered);
    }

    [Fact]
    public void The_directory_decides_what_a_peer_may_send()
    {
        Book book = Open();
        book.LetsIn = false;
        wire.Send(wire.Initiator);
        wire.Advance(1000);
        Assert.Empty(Lazy.Delivered);
        Assert.Equal(1, Lazy.Device.DropCount(DeviceFault.SourceNotAllowed));
    }

    [Fact]
    public void A_peer_is_idle_when_its_keys_are_gone_and_not_before()
    {
        Book book = Open();
        wire.Send(wire.Initiator);
        Assert.False(wire.Initiator.PeerOf(Lazy).IsIdle);
        wire.Advance(530_000);
        Assert.False(book.Peer!.IsIdle);
        wire.Advance(30_000);
        Assert.True(book.Peer.IsIdle);
        Assert.True(wire.Initiator.PeerOf(Lazy).IsIdle);
    }

    [Fact]
    public void A_peer_made_again_refuses_the_initiations_of_its_former_life_if_its_timestamp_was_kept()
    {
        Book book = Open();
        wire.Send(wire.Initiator);
        wire.Advance(1000);
        byte[] recorded = wire.Log.First(c => c.Kind == PacketKind.Initiation).Bytes;
        byte[] timestamp = new byte[12];
        book.Peer!.CopyLastTimestamp(timestamp, 0);
        Lazy.Device.RemovePeer(book.Peer);
        book.Timestamp = timestamp;
        wire.Inject(Lazy, recorded);
        Assert.Equal(DeviceFault.StaleTimestamp, wire.LastFault);

        wire.Advance(6_000);
        wire.Initiator.PeerOf(Lazy).RequestHandshake();
        wire.Advance(1000);
        Assert.True(book.Peer!.LastHandshakeMs > 0);
    }

    [Fact]
    public void An_unanswered_initiation_goes_again_early_when_the_way_has_opened()
    {
        WireGuardPeer peer = wire.Initiator.PeerOf(Lazy);
        peer.RetryHandshakeAt(wire.NowMs);
        wire.IsCut = true;
        wire.Send(wire.Initiator);
        Assert.Equal(1, wire.Count(PacketKind.Initiation));
        wire.Advance(10);
        wire.IsCut = false;
        peer.RetryHandshakeAt(wire.NowMs + 50);
        wire.Advance(49);
        Assert.Equal(1, wire.Count(PacketKind.Initiation));
        wire.Advance(50);
        Assert.Equal(2, wire.Count(PacketKind.Initiation));
        Assert.Single(Lazy.Delivered);

        // With an answer there is nothing to try again.
        peer.RetryHandshakeAt(wire.NowMs);
        wire.Advance(4_000);
        Assert.Equal(2, wire.Count(PacketKind.Initiation));
    }

    [Fact]
    public void Packets_for_a_peer_that_lost_its_memory_wait_for_the_new_session_and_none_is_lost()
    {
        wire.Connect();
        Lazy.Restart();
        Lazy.Trust(wire.Initiator);
        wire.Initiator.PeerOf(Lazy).BeginAnew();
        wire.Send(wire.Initiator, number: 1);
        wire.Advance(200);
        wire.Send(wire.Initiator, number: 2);
        wire.Advance(200);
        Assert.Equal(2, Lazy.Delivered.Count);
        Assert.Equal(1, wire.Count(PacketKind.Initiation));
    }

    sealed class Book(WireGuardDevice device, byte[] known, byte[] endpoint) : PeerDirectory
    {
        public WireGuardPeer? Peer { get; private set; }

        public int Made { get; private set; }

        public bool LetsIn { get; set; } = true;

        public byte[]? Timestamp { get; set; }

        public override WireGuardPeer? FindByKey(byte[] publicKey) => publicKey.AsSpan().SequenceEqual(known) ? Make() : null;

        public override WireGuardPeer? FindByDestination(byte[] packet, int addressOffset, bool ipv6) => Make();

        public override bool IsSourceOf(WireGuardPeer peer, byte[] packet, int addressOffset, bool ipv6) => LetsIn;

        WireGuardPeer Make()
        {
            Made += device.FindPeer(known) is null ? 1 : 0;
            Peer = device.AddPeer(known, null);
            Peer.SetEndpoint(endpoint);
            if (Timestamp is { } last)
            {
                Peer.RestoreLastTimestamp(last, 0);
            }

            return Peer;
        }
    }
}
