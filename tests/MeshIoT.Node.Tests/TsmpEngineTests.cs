using System;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>What two engines say to each other inside the tunnel, and what a peer cannot make us believe by it.</summary>
public sealed class TsmpEngineTests : IDisposable
{
    static readonly IPAddress Behind = IPAddress.Parse("192.168.7.9");

    readonly EngineHarness gateway = new(1), reader = new(2);
    readonly DiscoPrivateKey old = DiscoPrivateKey.Generate(new SystemRandomSource());
    long now = 1_000_000;

    public void Dispose()
    {
        gateway.Dispose();
        reader.Dispose();
        old.Dispose();
    }

    void Settle() => EngineHarness.Settle(now, gateway, reader);

    void Say(DiscoPublicKey key, IPAddress? from = null)
    {
        byte[] packet = new byte[Tsmp.LargestPacket];
        int length = Tsmp.WriteDiscoKey(packet, (from ?? reader.Address).GetAddressBytes(), gateway.Address.GetAddressBytes(), key);
        reader.Host.Send(packet[..length]);
        Settle();
    }

    // The gateway's netmap is behind: the reader has restarted since.
    void MeetWithOldKey()
    {
        gateway.Know(Stale());
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
    }

    PeerPlan Stale() => reader.AsPeer() with
    {
        DiscoKey = old.PublicKey, AllowedIPs = [new IPNetwork(reader.Address, 32), new IPNetwork(Behind, 32)], OwnCount = 1,
    };

    long PongsOf(EngineHarness harness) => harness.Engine.Disco!.PongsSent;

    [Fact]
    public void Both_sides_name_their_disco_key_when_a_session_begins()
    {
        MeetWithOldKey();
        Assert.Equal(1, gateway.Engine.AdvertisedKeysTaken);
        Assert.Equal(0, reader.Engine.AdvertisedKeysTaken);
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.True(PongsOf(reader) > 0);
        Assert.Equal(0, gateway.Engine.TsmpDrops + reader.Engine.TsmpDrops);
    }

    [Fact]
    public void A_peer_without_disco_is_told_no_key()
    {
        using EngineHarness plain = new(3, speaksDisco: false);
        gateway.Know(plain.AsPeer());
        plain.Know(gateway.AsPeer() with { DiscoKey = default });
        plain.Host.Send(plain.Packet(gateway, 100));
        EngineHarness.Settle(now, gateway, plain);
        Assert.Equal(0, plain.Engine.AdvertisedKeysTaken + plain.Engine.TsmpDrops);

        // Initiation, response, one packet with data, nothing else: the response is 92 bytes.
        Assert.Equal(92, gateway.Engine.Cells[plain.Key.PublicKey].SentBytes);
    }

    [Fact]
    public void The_peers_word_outlives_netmaps_that_know_no_better_and_yields_to_one_that_does()
    {
        MeetWithOldKey();
        gateway.Know(Stale() with { Candidates = [.. reader.Endpoint, .. gateway.Endpoint] });
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.True(PongsOf(reader) > 0);

        using DiscoPrivateKey newest = DiscoPrivateKey.Generate(new SystemRandomSource());
        gateway.Know(Stale() with { DiscoKey = newest.PublicKey });
        Settle();
        long before = PongsOf(reader);
        now += 4_000;
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.Equal(before, PongsOf(reader));
    }

    [Fact]
    public void A_machine_behind_a_peer_cannot_speak_for_the_peers_key()
    {
        MeetWithOldKey();
        using DiscoPrivateKey evil = DiscoPrivateKey.Generate(new SystemRandomSource());
        Say(evil.PublicKey, Behind);
        Assert.Equal(1, gateway.Engine.AdvertisedKeysTaken);
        Assert.Equal(1, gateway.Engine.TsmpDrops);
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.True(PongsOf(reader) > 0);
    }

    [Fact]
    public void A_key_of_another_node_is_not_taken()
    {
        using EngineHarness other = new(3);
        gateway.Know(Stale(), other.AsPeer());
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Say(other.Disco.PublicKey);
        Say(gateway.Disco.PublicKey);
        Assert.Equal(1, gateway.Engine.AdvertisedKeysTaken);
        Assert.Equal(2, gateway.Engine.TsmpDrops);
        other.Know(gateway.AsPeer());
        other.Host.Send(other.Packet(gateway, 100));
        EngineHarness.Settle(now, gateway, other);
        Assert.Equal(2, gateway.Host.Delivered);
    }

    [Fact]
    public void A_flood_of_keys_and_pings_is_bounded()
    {
        MeetWithOldKey();
        byte[] packet = new byte[Tsmp.LargestPacket];
        Random random = new(5);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] key = new byte[32];
            random.NextBytes(key);
            Say(DiscoPublicKey.FromBytes(key));
        }

        Assert.InRange(gateway.Engine.AdvertisedKeysTaken, 1, 4);
        long sent = gateway.Engine.Cells[reader.Key.PublicKey].SentBytes;
        int length = Tsmp.WritePing(packet, reader.Address.GetAddressBytes(), gateway.Address.GetAddressBytes(), "12345678"u8);
        for (int i = 0; i < 2_000; i++)
        {
            reader.Host.Send(packet[..length]);
            Settle();
        }

        // A pong of 31 bytes is padded to 32 and sealed in 32 more.
        Assert.InRange(gateway.Engine.Cells[reader.Key.PublicKey].SentBytes - sent, 100 * 64, 250 * 64);
        now += 1_000;
        sent = gateway.Engine.Cells[reader.Key.PublicKey].SentBytes;
        reader.Host.Send(packet[..length]);
        Settle();
        Assert.True(gateway.Engine.Cells[reader.Key.PublicKey].SentBytes > sent);
    }

    [Fact]
    public async Task A_person_can_ping_inside_and_outside_the_tunnel()
    {
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer());
        PathRequest path = new(gateway.Address);
        reader.Engine.Post(path);
        Settle();
        Assert.Equal(gateway.Endpoint, (await path.Done).Endpoint);

        TsmpRequest tunnel = new(gateway.Address, "12345678"u8.ToArray());
        reader.Engine.Post(tunnel);
        Settle();
        Assert.Equal(gateway.Endpoint, (await tunnel.Done).Endpoint);
        Assert.Equal(0, gateway.Host.Delivered);
        Assert.Equal(0, reader.Host.Delivered);
    }

    [Fact]
    public void A_ping_of_nobody_and_of_one_without_disco_says_why_it_fails()
    {
        using EngineHarness plain = new(3, speaksDisco: false);
        reader.Know(plain.AsPeer());
        PathRequest nobody = new(gateway.Address), silent = new(plain.Address);
        reader.Engine.Post(nobody);
        reader.Engine.Post(silent);
        Settle();
        Assert.Equal("no-such-node", Code(nobody));
        Assert.Equal("peer-without-disco", Code(silent));
        static string Code(PingRequest ping) => ((Health.FaultException)ping.Done.Exception!.InnerException!).Report.Fault.Code;
    }
}
