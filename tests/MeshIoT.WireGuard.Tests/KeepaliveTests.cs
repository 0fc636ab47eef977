using System.Linq;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>What is sent when there is nothing to say. WireGuard paper, section 6.5; fact sheet, section 1.3.</summary>
public class KeepaliveTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire().WithoutJitter();

    TestNode Initiator => wire.Initiator;

    TestNode Responder => wire.Responder;

    [Fact]
    public void A_short_exchange_costs_one_handshake_and_one_keepalive()
    {
        wire.Send(Initiator);
        wire.Advance(30_000);
        Assert.Equal(1, wire.Count(PacketKind.Initiation));
        Assert.Equal(1, wire.Count(PacketKind.Response));
        Assert.Equal(1, wire.Count(PacketKind.Data));
        Assert.Equal(1, wire.Count(PacketKind.Keepalive));
    }

    [Fact]
    public void Received_data_is_answered_after_10_seconds_when_nothing_else_was_sent()
    {
        wire.Connect();
        wire.Advance(20_000);
        wire.Log.Clear();
        long start = wire.NowMs;
        wire.Send(Initiator);
        wire.Advance(60_000);
        Assert.Equal([10_010], wire.Times(PacketKind.Keepalive, Responder, start));
    }

    [Fact]
    public void An_answer_makes_the_keepalive_superfluous()
    {
        wire.Connect();
        wire.Send(Initiator);
        wire.Advance(5000);
        wire.Send(Responder);
        wire.Advance(60_000);
        Assert.Equal(0, wire.Count(PacketKind.Keepalive, Responder));
        Assert.Equal(1, wire.Count(PacketKind.Keepalive, Initiator));
    }

    [Fact]
    public void A_keepalive_is_not_answered()
    {
        Initiator.PeerOf(Responder).RequestHandshake();
        wire.Advance(120_000);
        Assert.Equal([PacketKind.Initiation, PacketKind.Response, PacketKind.Keepalive], wire.Log.Select(c => c.Kind));
    }

    [Fact]
    public void An_idle_tunnel_is_silent()
    {
        wire.Connect();
        wire.Advance(20_000);
        wire.Log.Clear();
        wire.Advance(24 * 3_600_000);
        Assert.Empty(wire.Log);
    }

    [Fact]
    public void A_persistent_keepalive_starts_at_once_and_keeps_its_interval()
    {
        wire.Connect();
        wire.Advance(20_000);
        wire.Log.Clear();
        long start = wire.NowMs;
        Initiator.PeerOf(Responder).PersistentKeepaliveSeconds = 25;
        wire.Advance(100_000);
        Assert.Equal([0, 25_000, 50_000, 75_000], wire.Times(PacketKind.Keepalive, Initiator, start).Take(4));
    }

    [Fact]
    public void Other_traffic_postpones_the_persistent_keepalive()
    {
        wire.Connect();
        Initiator.PeerOf(Responder).PersistentKeepaliveSeconds = 25;
        wire.Advance(20_000);
        wire.Log.Clear();
        for (int i = 0; i < 6; i++)
        {
            wire.Send(Responder);
            wire.Advance(5000);
            wire.Send(Initiator);
            wire.Advance(5000);
        }

        Assert.Equal(0, wire.Count(PacketKind.Keepalive));
    }

    [Fact]
    public void A_keepalive_for_idle_persists_over_sessions_for_a_day()
    {
        Initiator.PeerOf(Responder).PersistentKeepaliveSeconds = 25;
        wire.Advance(24 * 3_600_000);
        wire.Log.Clear();
        wire.Advance(3_600_000);
        long[] fromInitiator = wire.Log.Where(c => c.From == Initiator).Select(c => c.AtMs).ToArray();
        Assert.All(fromInitiator.Zip(fromInitiator.Skip(1), (a, b) => b - a), gap => Assert.InRange(gap, 0, 25_000));
        Assert.True(Initiator.PeerOf(Responder).HasSession(wire.NowMs));
        Assert.Equal(0, wire.Count(PacketKind.Initiation, Responder));
        Assert.InRange(wire.Count(PacketKind.Initiation), 23, 31);
    }

    [Fact]
    public void Switched_off_it_stops()
    {
        Initiator.PeerOf(Responder).PersistentKeepaliveSeconds = 25;
        wire.Advance(60_000);
        Initiator.PeerOf(Responder).PersistentKeepaliveSeconds = 0;
        wire.Log.Clear();
        wire.Advance(3_600_000);
        Assert.Empty(wire.Log);
    }

    [Fact]
    public void Without_an_answer_it_goes_on_trying_for_ever()
    {
        wire.IsCut = true;
        Initiator.PeerOf(Responder).PersistentKeepaliveSeconds = 25;
        wire.Advance(3_600_000);
        wire.Log.Clear();
        wire.Advance(3_600_000);
        Assert.InRange(wire.Count(PacketKind.Initiation), 400, 721);
        wire.IsCut = false;
        wire.Advance(40_000);
        Assert.True(Initiator.PeerOf(Responder).HasSession(wire.NowMs));
    }
}
