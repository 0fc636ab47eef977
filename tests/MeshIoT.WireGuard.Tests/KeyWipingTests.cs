using System;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Secrets live as long as they are needed. WireGuard paper, section 6.3; fact sheet, section 1.3.</summary>
public class KeyWipingTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire().WithoutJitter();

    [Fact]
    public void All_session_keys_are_gone_540_seconds_after_the_last_was_made()
    {
        wire.Connect();
        wire.Advance(537_900);
        Assert.Equal((2, 2), (wire.Initiator.Suite.LiveKeys, wire.Responder.Suite.LiveKeys));
        wire.Advance(200);
        Assert.Equal((0, 0), (wire.Initiator.Suite.LiveKeys, wire.Responder.Suite.LiveKeys));
        Assert.Equal(long.MaxValue, wire.Initiator.Device.NextWakeMs);
    }

    [Fact]
    public void Renewed_sessions_do_not_pile_up_keys()
    {
        wire.Connect();
        for (int i = 0; i < 3600; i++)
        {
            wire.Send(wire.Initiator);
            wire.Advance(1000);
            Assert.InRange(wire.Initiator.Suite.LiveKeys, 2, 6);
            Assert.InRange(wire.Responder.Suite.LiveKeys, 2, 6);
        }

        Assert.True(wire.Initiator.Suite.SessionKeys.Count > 50, "the hour should have seen many sessions");
    }

    [Fact]
    public void An_unanswered_attempt_is_forgotten_too()
    {
        wire.IsCut = true;
        wire.Send(wire.Initiator);
        wire.Advance(100_000);
        Assert.NotEqual(long.MaxValue, wire.Initiator.Device.NextWakeMs);
        Assert.True(wire.Initiator.PeerOf(wire.Responder).Pending.IsActive);
        wire.Advance(540_000);
        Assert.False(wire.Initiator.PeerOf(wire.Responder).Pending.IsActive);
        Assert.All(wire.Initiator.PeerOf(wire.Responder).Pending.EphemeralPrivate, b => Assert.Equal(0, b));
        Assert.Equal(long.MaxValue, wire.Initiator.Device.NextWakeMs);
    }

    [Fact]
    public void A_removed_peer_leaves_no_key_and_is_not_answered()
    {
        wire.Connect();
        WireGuardPeer peer = wire.Responder.PeerOf(wire.Initiator);
        wire.Responder.Device.RemovePeer(peer);
        wire.Responder.Device.RemovePeer(peer);
        Assert.Equal(0, wire.Responder.Suite.LiveKeys);
        Assert.Null(peer.StaticSecret);
        Assert.Equal(0, wire.Responder.Device.PeerCount);
        wire.Send(wire.Initiator);
        wire.Advance(60_000);
        Assert.Empty(wire.Responder.Delivered);
        Assert.Equal(0, wire.Count(PacketKind.Response));
        Assert.True(wire.Responder.Device.DropCount(DeviceFault.UnknownPeer) > 0);
        peer.RequestHandshake();
        Assert.Equal(DeviceResult.Done, wire.Responder.Device.Poll(wire.NowMs, new byte[192], 0));
    }

    [Fact]
    public void A_wiped_device_does_nothing_more()
    {
        wire.Connect();
        wire.Responder.Device.Wipe();
        Assert.Equal(0, wire.Responder.Suite.LiveKeys);
        wire.Send(wire.Initiator);
        wire.Advance(20_000);
        Assert.True(wire.Responder.Device.DropCount(DeviceFault.Closed) > 0);
        Assert.Equal(0, wire.Count(PacketKind.Response));
        Assert.Throws<ArgumentException>(() => wire.Responder.Device.AddPeer(new byte[32], null));
    }

    [Fact]
    public void Nothing_secret_prints_itself()
    {
        wire.Connect();
        Assert.Equal("[WGmv9]", wire.Initiator.PeerOf(wire.Responder).ToString());
        Assert.DoesNotContain("0102", wire.Initiator.Device.ToString());
    }
}
