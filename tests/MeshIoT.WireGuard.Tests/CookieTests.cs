using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Under load, work only for those who can receive at the address they write from. WireGuard paper, sections 5.3 and 5.4.7.</summary>
public class CookieTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire().WithoutJitter();

    TestNode Initiator => wire.Initiator;

    TestNode Responder => wire.Responder;

    [Fact]
    public void Under_load_the_first_initiation_earns_a_cookie_and_the_second_a_session()
    {
        Responder.Device.UnderLoad = true;
        long start = wire.NowMs;
        wire.Send(Initiator);
        wire.Advance(4000);
        Assert.Equal([PacketKind.Initiation, PacketKind.CookieReply], wire.Log.Select(c => c.Kind));
        Assert.Equal(0, Responder.Suite.SharedSecrets);
        Assert.Equal(1, Responder.Device.DropCount(DeviceFault.CookieRequired));
        Assert.All(wire.Log[0].Bytes[132..], b => Assert.Equal(0, b));

        wire.Advance(2000);
        Assert.Equal([0, 5000], wire.Times(PacketKind.Initiation, Initiator, start));
        Assert.Contains(wire.Log[2].Bytes[132..], b => b != 0);
        Assert.Single(Responder.Delivered);
    }

    [Fact]
    public void A_response_needs_a_cookie_too_when_the_initiator_is_under_load()
    {
        Initiator.Device.UnderLoad = true;
        wire.Send(Initiator);
        wire.Advance(1000);
        Assert.Equal([PacketKind.Initiation, PacketKind.Response, PacketKind.CookieReply], wire.Log.Select(c => c.Kind));
        wire.Advance(6000);
        Assert.Contains(wire.Log.Last(c => c.Kind == PacketKind.Response).Bytes[76..], b => b != 0);
        Assert.Single(Responder.Delivered);
    }

    [Fact]
    public void A_cookie_is_good_for_the_address_it_was_sent_to_and_for_120_seconds()
    {
        Responder.Device.UnderLoad = true;
        wire.Send(Initiator);
        wire.Advance(1000);
        Initiator.Endpoint = TestNode.EndpointOf("198.51.100.7", 4000);
        wire.Advance(5000);
        Assert.Equal(2, wire.Count(PacketKind.CookieReply));
        wire.Advance(5000);
        Assert.Single(Responder.Delivered);

        // The secret is older than 120 s now, so the next handshake begins with a cookie again.
        wire.Advance(200_000);
        wire.Send(Initiator);
        wire.Advance(1000);
        Assert.Equal(3, wire.Count(PacketKind.CookieReply));
    }

    [Fact]
    public void A_forged_or_unasked_cookie_is_ignored()
    {
        wire.Connect();
        Responder.Device.UnderLoad = true;
        wire.Advance(10_000);
        Initiator.PeerOf(Responder).RequestHandshake();
        wire.IsCut = true;
        wire.Pump(Initiator);
        wire.Inject(Responder, wire.Log.Last().Bytes);
        byte[] reply = wire.Log.Last().Bytes;
        for (int i = 8; i < 64; i++)
        {
            byte[] forged = (byte[])reply.Clone();
            forged[i] ^= 1;
            Assert.Equal(DeviceResult.Rejected, wire.Inject(Initiator, forged));
            Assert.Equal(DeviceFault.ForgedCookie, wire.LastFault);
        }

        Assert.Equal(DeviceResult.Done, wire.Inject(Initiator, reply));
        Assert.Equal(DeviceResult.Rejected, wire.Inject(Initiator, reply));
    }

    [Fact]
    public void A_burst_of_handshakes_puts_the_device_under_load_by_itself_and_quiet_takes_it_off()
    {
        wire.Send(Initiator);
        wire.Advance(1000);
        byte[] initiation = wire.Log[0].Bytes;
        for (int i = 0; i < 101; i++)
        {
            wire.Inject(Responder, initiation);
        }

        Assert.True(Responder.Device.UnderLoad);
        Assert.True(Responder.Device.DropCount(DeviceFault.CookieRequired) > 0);
        wire.Advance(1001);
        wire.Pump(Responder);
        Assert.False(Responder.Device.UnderLoad);
    }

    [Fact]
    public void Garbage_does_not_put_the_device_under_load()
    {
        byte[] garbage = new byte[148];
        garbage[0] = 1;
        for (int i = 0; i < 1000; i++)
        {
            wire.Inject(Responder, garbage);
        }

        Assert.False(Responder.Device.UnderLoad);
    }

    [Fact]
    public void Under_load_a_source_gets_5_handshakes_at_once_and_20_a_second()
    {
        var limiter = new RateLimiter(new ScriptedRandom(1), 1024);
        byte[] source = TestNode.EndpointOf("192.0.2.1", 1), neighbour = TestNode.EndpointOf("192.0.2.2", 1);
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => limiter.Allow(source, 0)));
        Assert.True(limiter.Allow(neighbour, 0));
        Assert.InRange(Enumerable.Range(1, 1000).Count(ms => limiter.Allow(source, ms)), 19, 20);
        source[17]++;
        Assert.False(limiter.Allow(source, 1000));
    }

    [Fact]
    public void All_addresses_of_an_IPv6_site_share_one_allowance()
    {
        var limiter = new RateLimiter(new ScriptedRandom(1), 1024);
        Assert.Equal(5, Enumerable.Range(0, 100).Count(i => limiter.Allow(TestNode.EndpointOf("2001:db8:1:2::" + i, 1), 0)));
        Assert.True(limiter.Allow(TestNode.EndpointOf("2001:db8:1:3::1", 1), 0));
    }

    [Fact]
    public void The_limiter_keeps_its_size_and_never_forgets_a_busy_source_for_a_new_one()
    {
        var limiter = new RateLimiter(new ScriptedRandom(1), 16);
        int admitted = Enumerable.Range(0, 5000).Count(i => limiter.Allow(TestNode.EndpointOf("10.1." + (i / 250) + "." + (i % 250), 1), i / 100));
        Assert.InRange(admitted, 1, 16);
        Assert.True(limiter.Allow(TestNode.EndpointOf("10.2.0.1", 1), 2000));
    }

    [Fact]
    public void The_portable_suite_gives_and_takes_cookies_as_well()
    {
        var portable = new EavesdroppingWire(new PortableSuite());
        portable.Responder.Device.UnderLoad = true;
        portable.Send(portable.Initiator);
        portable.Advance(7000);
        Assert.Single(portable.Responder.Delivered);
    }
}
