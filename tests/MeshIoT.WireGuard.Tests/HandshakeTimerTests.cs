using System.Linq;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>When handshakes begin, repeat and stop. WireGuard paper, sections 6.2 to 6.4; fact sheet, section 1.3.</summary>
public class HandshakeTimerTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire().WithoutJitter();

    TestNode Initiator => wire.Initiator;

    TestNode Responder => wire.Responder;

    [Fact]
    public void The_first_packet_begins_a_handshake_and_travels_right_behind_it()
    {
        byte[] packet = wire.Send(Initiator);
        wire.Advance(1000);
        Assert.Equal([PacketKind.Initiation, PacketKind.Response, PacketKind.Data], wire.Log.Select(c => c.Kind));
        Assert.Equal([packet], Responder.Delivered);
    }

    [Fact]
    public void The_responder_does_not_send_before_the_initiator_has_proved_itself()
    {
        wire.Initiator.PeerOf(Responder).RequestHandshake();
        wire.Pump(Initiator);
        wire.Inject(Responder, wire.Log[0].Bytes);
        Assert.False(Responder.PeerOf(Initiator).HasSession(wire.NowMs));
        wire.Send(Responder);
        Assert.Equal(0, wire.Count(PacketKind.Data, Responder));
        wire.Advance(1000);
        Assert.Equal(1, wire.Count(PacketKind.Data, Responder));
        Assert.Equal(1, wire.Count(PacketKind.Initiation));
    }

    [Fact]
    public void The_initiator_renews_the_session_when_it_sends_after_120_seconds()
    {
        wire.Connect();
        wire.Advance(117_900);
        wire.Send(Initiator);
        Assert.Equal(0, wire.Count(PacketKind.Initiation));
        wire.Advance(200);
        wire.Send(Initiator);
        Assert.Equal(1, wire.Count(PacketKind.Initiation, Initiator));
        wire.Advance(1000);
        Assert.Equal(1, wire.Count(PacketKind.Response, Responder));
        Assert.Equal(2, Responder.Delivered.Count);
    }

    [Fact]
    public void The_responder_never_renews_a_session_because_of_its_age()
    {
        wire.Connect();
        for (int i = 0; i < 34; i++)
        {
            wire.Advance(5000);
            wire.Send(Responder);
        }

        wire.Advance(1000);
        Assert.Equal(0, wire.Count(PacketKind.Initiation, Responder));
        Assert.Equal(34, Initiator.Delivered.Count);
    }

    [Fact]
    public void An_initiator_that_only_receives_renews_once_after_165_seconds()
    {
        wire.Connect();
        wire.Advance(160_000);
        wire.Send(Responder);
        wire.Advance(1000);
        Assert.Equal(0, wire.Count(PacketKind.Initiation));
        wire.Advance(4000);
        wire.Send(Responder);
        wire.Send(Responder);
        wire.Advance(1000);
        Assert.Equal(1, wire.Count(PacketKind.Initiation, Initiator));
        Assert.Equal(0, wire.Count(PacketKind.Initiation, Responder));
    }

    [Fact]
    public void That_renewal_is_asked_for_once_and_more_received_packets_do_not_prolong_it()
    {
        wire.Connect();
        wire.Weather = d => d.Kind == PacketKind.Initiation ? [] : [(d.Bytes, 0)];
        wire.Advance(164_000);
        long start = wire.NowMs + 10;
        for (int i = 0; i < 12; i++)
        {
            wire.Send(Responder);
            wire.Advance(1000);
        }

        wire.Advance(300_000);
        Assert.Equal(Enumerable.Range(0, 18).Select(i => i * 5000L), wire.Times(PacketKind.Initiation, Initiator, start));
    }

    [Fact]
    public void A_session_older_than_180_seconds_sends_nothing_and_a_packet_begins_a_new_one()
    {
        wire.Connect();
        wire.Advance(178_100);
        Assert.False(Responder.PeerOf(Initiator).HasSession(wire.NowMs));
        wire.Send(Responder);
        Assert.Equal([PacketKind.Initiation], wire.Log.Where(c => c.From == Responder && c.AtMs == wire.NowMs).Select(c => c.Kind));
        wire.Advance(1000);
        Assert.Single(Initiator.Delivered);
    }

    [Fact]
    public void A_datagram_of_a_session_older_than_180_seconds_is_not_opened()
    {
        wire.Connect();
        wire.Advance(177_000);
        wire.IsCut = true;
        wire.Send(Responder);
        byte[] late = wire.Log.Last().Bytes;
        wire.Advance(1030);
        Assert.Equal(DeviceResult.Rejected, wire.Inject(Initiator, late));
        Assert.Equal(1, Initiator.Device.DropCount(DeviceFault.ExpiredSession));
    }

    [Fact]
    public void Without_an_answer_the_initiation_is_repeated_every_5_seconds_for_90_seconds()
    {
        wire.IsCut = true;
        long start = wire.NowMs;
        wire.Send(Initiator);
        wire.Advance(600_000);
        Assert.Equal(Enumerable.Range(0, 18).Select(i => i * 5000L), wire.Times(PacketKind.Initiation, Initiator, start));
        Assert.Equal(18, wire.Log.Select(c => System.Convert.ToHexString(c.Bytes)).Distinct().Count());
        Assert.Equal(1, Initiator.Device.DropCount(DeviceFault.StagedExpired));

        wire.Send(Initiator);
        Assert.Equal(19, wire.Count(PacketKind.Initiation));
    }

    [Fact]
    public void Traffic_that_goes_on_keeps_the_attempt_alive_but_not_faster()
    {
        wire.IsCut = true;
        long start = wire.NowMs;
        for (int i = 0; i < 200; i++)
        {
            wire.Send(Initiator);
            wire.Advance(1000);
        }

        Assert.Equal(Enumerable.Range(0, 41).Select(i => i * 5000L), wire.Times(PacketKind.Initiation, Initiator, start));
    }

    [Fact]
    public void Repetitions_are_spread_by_up_to_a_third_of_a_second()
    {
        var spread = new EavesdroppingWire { IsCut = true };
        spread.Send(spread.Initiator);
        spread.Advance(89_000);
        long[] times = spread.Times(PacketKind.Initiation, spread.Initiator, 0);
        long[] gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToArray();
        Assert.All(gaps, gap => Assert.InRange(gap, 5000, 5333));
        Assert.True(gaps.Distinct().Count() > 8, "jitter should differ");
    }

    [Fact]
    public void Data_without_any_answer_for_15_seconds_begins_a_new_handshake()
    {
        wire.Connect();
        wire.Advance(20_000);
        wire.IsCut = true;
        long start = wire.NowMs;
        wire.Send(Responder);
        wire.Advance(4000);
        wire.Send(Responder);
        wire.Advance(10_999);
        Assert.Equal(0, wire.Count(PacketKind.Initiation));
        wire.Advance(1);
        Assert.Equal([15_000], wire.Times(PacketKind.Initiation, Responder, start));
    }

    [Fact]
    public void An_answer_of_any_kind_calls_that_handshake_off()
    {
        wire.Connect();
        wire.Send(Responder);
        wire.Advance(60_000);
        Assert.Equal(0, wire.Count(PacketKind.Initiation));
        Assert.Equal(1, wire.Count(PacketKind.Keepalive, Initiator));
    }

    [Fact]
    public void Two_that_begin_at_the_same_moment_have_a_session_without_a_second_try()
    {
        wire.Send(Initiator);
        wire.Send(Responder);
        wire.Advance(1000);
        Assert.Equal(2, wire.Count(PacketKind.Initiation));
        Assert.Single(Initiator.Delivered);
        Assert.Single(Responder.Delivered);
        wire.Send(Initiator);
        wire.Send(Responder);
        wire.Advance(1000);
        Assert.Equal(2, Initiator.Delivered.Count);
        Assert.Equal(2, Responder.Delivered.Count);
        Assert.Equal(2, wire.Count(PacketKind.Initiation));
    }

    [Fact]
    public void Requested_handshakes_keep_their_distance()
    {
        long start = wire.NowMs;
        for (int i = 0; i < 99; i++)
        {
            Initiator.PeerOf(Responder).RequestHandshake();
            wire.Advance(100);
        }

        Assert.Equal([0, 5000], wire.Times(PacketKind.Initiation, Initiator, start));
    }

    [Fact]
    public void A_restarted_peer_is_reached_again_within_16_seconds()
    {
        wire.Connect();
        Responder.Restart();
        Responder.Trust(Initiator);
        wire.Send(Initiator, number: 1);
        wire.Advance(15_500);
        wire.Send(Initiator, number: 2);
        wire.Advance(1000);
        Assert.Equal([2], Responder.Delivered.Select(InnerPackets.NumberOf));
    }
}
