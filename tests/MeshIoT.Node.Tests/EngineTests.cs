using System;
using System.Linq;
using System.Net;
using MeshIoT.Filter;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>The packet engine, stepped by hand over real loopback UDP.</summary>
public abstract class EngineTests(bool speakDisco, bool inBatches = false) : IDisposable
{
    readonly EngineHarness gateway = new(1, speakDisco, inBatches), reader = new(2, speakDisco, inBatches);
    long now = 1_000_000;

    public void Dispose()
    {
        gateway.Dispose();
        reader.Dispose();
        GC.SuppressFinalize(this);
    }

    void Introduce()
    {
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer());
        Settle();
    }

    void Settle() => EngineHarness.Settle(now, gateway, reader);

    /// <summary>Lets time pass for both, timer by timer.</summary>
    void Pass(long ms)
    {
        for (long end = now + ms; now < end;)
        {
            now += Math.Clamp(Math.Min(gateway.Engine.WaitMs(now), reader.Engine.WaitMs(now)), 1, end - now);
            Settle();
        }
    }

    PeerCell CellOf(EngineHarness of, EngineHarness at) => at.Engine.Cells[of.Key.PublicKey];

    [Fact]
    public void The_first_packet_makes_the_session_and_arrives_as_it_was()
    {
        Introduce();
        byte[] packet = reader.Packet(gateway, 333);
        reader.Host.Send(packet);
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
        Assert.Equal(packet, gateway.Host.Last[..gateway.Host.LastLength]);
        Assert.Equal(gateway.Endpoint, CellOf(gateway, reader).Endpoint);
        Assert.Equal(reader.Endpoint, CellOf(reader, gateway).Endpoint);
        Assert.Equal(now, CellOf(gateway, reader).LastHandshakeMs);
    }

    [Fact]
    public void A_packet_costs_no_allocation_either_way()
    {
        Introduce();
        reader.Host.Send(reader.Packet(gateway, 1280));
        Settle();
        gateway.Host.Send(gateway.Packet(reader, 1280));
        Settle();

        // Once more as warm-up, so that tiering and lazy statics are done with.
        for (int round = 0; round < 2; round++)
        {
            long before = gateway.Host.Delivered;
            reader.Host.Send(reader.Packet(gateway, 1280), 2000);
            gateway.Host.Send(gateway.Packet(reader, 1280), 2000);
            long start = GC.GetAllocatedBytesForCurrentThread();
            while (reader.Host.Waiting > 0 || gateway.Host.Waiting > 0)
            {
                reader.Engine.Step(now);
                gateway.Engine.Step(now);
            }

            Settle();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - start;
            Assert.Equal(2000, gateway.Host.Delivered - before);
            if (round == 1)
            {
                Assert.Equal(0, allocated);
            }
        }
    }

    [Fact]
    public void Everything_is_counted_that_went_and_came_in_batches()
    {
        Introduce();
        reader.Host.Send(reader.Packet(gateway, 1000));
        Settle();
        PeerCell sent = CellOf(gateway, reader), received = CellOf(reader, gateway);
        (long sentBefore, long receivedBefore) = (sent.SentBytes, received.ReceivedBytes);
        long passed = gateway.Engine.Traffic.Of(PathTrafficKind.DirectIPv4).PacketsIn, accepted = gateway.Filter.Count(Verdict.Accept);
        reader.Host.Send(reader.Packet(gateway, 1000), 500);
        Settle();
        const int OnTheWire = 1008 + 32; // padded to 16 bytes
        Assert.Equal(500 * OnTheWire, sent.SentBytes - sentBefore);
        Assert.Equal(500 * OnTheWire, received.ReceivedBytes - receivedBefore);
        Assert.Equal(500, gateway.Engine.Traffic.Of(PathTrafficKind.DirectIPv4).PacketsIn - passed);
        Assert.Equal(500, gateway.Filter.Count(Verdict.Accept) - accepted);
        Assert.Equal(501, gateway.Host.Delivered);
    }

    [Fact]
    public void A_datagram_longer_than_any_that_WireGuard_sends_here_is_dropped_and_counted()
    {
        Introduce();
        reader.Host.Send(reader.Packet(gateway, 1000));
        Settle();
        byte[] data = new byte[5000];
        data[0] = 4;
        reader.Port.Send(data, gateway.Endpoint);
        Settle();
        Assert.Equal(1, gateway.Engine.OversizeDrops + gateway.Port.OversizeDrops);
        Assert.Equal(1, gateway.Host.Delivered);
    }

    [Fact]
    public void A_policy_that_changes_within_a_conversation_counts_from_its_next_packet_on()
    {
        Introduce();
        reader.Host.Send(reader.Packet(gateway, 100), 10);
        Settle();
        Assert.Equal(10, gateway.Host.Delivered);
        gateway.Engine.Post(new NetworkPlan
        {
            Identity = gateway.Key, Addresses = [gateway.Address], Peers = [reader.AsPeer()],
            Filter = PacketFilter.Compile([], [new IPNetwork(gateway.Address, 32)], out _),
        });
        reader.Host.Send(reader.Packet(gateway, 100), 10);
        Settle();
        Assert.Equal(10, gateway.Host.Delivered);
        Assert.Equal(10, gateway.Engine.FilterDrops);
    }

    [Fact]
    public void An_engine_with_nothing_to_do_waits_for_ever()
    {
        Introduce();
        Assert.True(reader.Engine.WaitMs(now) > 1_000_000_000);
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();

        // One packet one way costs a keepalive and the wiping of the keys, and then silence again.
        Pass(600_000);
        Assert.True(reader.Engine.WaitMs(now) > 1_000_000_000);
        Assert.True(gateway.Engine.WaitMs(now) > 1_000_000_000);
    }

    [Fact]
    public void A_peer_that_never_answered_is_tried_at_every_place_the_netmap_names()
    {
        byte[] nobody = Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Loopback, 9));
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer(nobody, gateway.Endpoint));
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
        Assert.Equal(gateway.Endpoint, CellOf(gateway, reader).Endpoint);
    }

    [Fact]
    public void New_endpoints_for_a_peer_that_was_out_of_reach_are_tried_at_once()
    {
        byte[] nobody = Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Loopback, 9));
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer(nobody));
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Pass(20_000);
        Assert.Equal(0, gateway.Host.Delivered);

        reader.Know(gateway.AsPeer());
        Pass(6_000);
        Assert.Equal(1, gateway.Host.Delivered);
    }

    [Fact]
    public void A_peer_that_moved_is_found_again_by_its_new_endpoint()
    {
        Introduce();
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        using EngineHarness moved = new(1, speakDisco);
        PeerPlan elsewhere = gateway.AsPeer(moved.Endpoint) with { DiscoKey = speakDisco ? moved.Disco.PublicKey : default };

        // The same node behind another port: its old engine is gone.
        moved.Engine.Post(new NetworkPlan
        {
            Identity = gateway.Key, Addresses = [gateway.Address], Peers = [reader.AsPeer()],
            Filter = PacketFilter.Compile([], [new IPNetwork(gateway.Address, 32)], out _),
        });
        reader.Know(elsewhere);
        for (int i = 0; i < 40 && !moved.Endpoint.AsSpan().SequenceEqual(CellOf(gateway, reader).Endpoint); i++)
        {
            now += 500;
            reader.Host.Send(reader.Packet(gateway, 100));
            EngineHarness.Settle(now, moved, reader);
        }

        Assert.Equal(moved.Endpoint, CellOf(gateway, reader).Endpoint);
    }

    [Fact]
    public void Nothing_gets_in_before_a_netmap_or_with_a_source_that_is_not_the_peers()
    {
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(0, gateway.Host.Delivered);
        Assert.True(gateway.Engine.EarlyDrops > 0);

        gateway.Know(reader.AsPeer());
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
        byte[] forged = reader.Packet(gateway, 100);
        forged[15] = 77;
        reader.Host.Send(forged);
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
    }

    [Fact]
    public void A_peer_that_knocks_before_the_netmap_names_it_is_let_in_as_soon_as_it_does()
    {
        gateway.Know();
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(0, gateway.Host.Delivered);
        now += 4_000;
        gateway.Know(reader.AsPeer());
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
    }

    [Fact]
    public void A_removed_peer_is_forgotten()
    {
        Introduce();
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        gateway.Know();
        Settle();
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
        Assert.Empty(gateway.Engine.Cells);
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.Equal(1, gateway.Engine.UnroutedDrops);
    }

    [Fact]
    public void A_tsmp_ping_is_answered_by_the_engine()
    {
        Introduce();
        byte[] ping = new byte[20 + 9];
        IPPacket.WriteHeader(ping, IPPacket.Tsmp, reader.Address.GetAddressBytes(), gateway.Address.GetAddressBytes(), 9);
        ping[20] = (byte)'p';
        "cookie42"u8.CopyTo(ping.AsSpan(21));
        reader.Host.Send(ping);
        Settle();
        Assert.Equal(0, gateway.Host.Delivered);

        // The reader's own engine takes pongs away: what came back shows in the counters.
        Assert.True(CellOf(gateway, reader).ReceivedBytes > 148);
        Span<byte> reply = stackalloc byte[Tsmp.LargestPacket];
        Assert.True(IPPacket.TryRead(ping, out IPPacket read));
        Assert.Equal(31, Tsmp.TryReply(read, reply));
        Assert.Equal((byte)'o', reply[20]);
        Assert.True(reply[21..29].SequenceEqual("cookie42"u8));
        Assert.True(reply[12..16].SequenceEqual(gateway.Address.GetAddressBytes()));
    }

    [Fact]
    public void Random_and_damaged_datagrams_neither_crash_nor_get_in()
    {
        Introduce();
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Random random = new(7);
        byte[] noise = new byte[2000];
        for (int i = 0; i < 5000; i++)
        {
            random.NextBytes(noise);
            noise[0] = (byte)random.Next(6);
            noise[1] = noise[2] = noise[3] = 0;
            int length = random.Next(4) switch { 0 => 148, 1 => 92, 2 => 64, _ => random.Next(noise.Length) };
            reader.Port.Send(noise.AsSpan(0, length), gateway.Endpoint);
            if (i % 50 == 0)
            {
                Settle();
            }
        }

        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(2, gateway.Host.Delivered);
    }

    [Fact]
    public void Random_packets_from_the_host_are_dropped_or_sent_and_never_crash()
    {
        Introduce();
        Random random = new(8);
        for (int i = 0; i < 5000; i++)
        {
            byte[] packet = i % 2 == 0 ? reader.Packet(gateway, random.Next(28, 1280)) : new byte[random.Next(1280)];
            for (int flips = 0; flips < 3 && packet.Length > 0; flips++)
            {
                packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
            }

            reader.Host.Send(packet);
            Settle();
        }

        reader.Host.Send(reader.Packet(gateway, 100));
        long before = gateway.Host.Delivered;
        Settle();
        Assert.Equal(before + 1, gateway.Host.Delivered);
    }

    [Fact]
    public void Two_peers_cannot_take_each_others_addresses_when_the_netmap_swaps_them()
    {
        using EngineHarness third = new(3, speakDisco);
        reader.Know(gateway.AsPeer(), third.AsPeer());
        reader.Know(
            gateway.AsPeer() with { AllowedIPs = [new IPNetwork(third.Address, 32)] },
            third.AsPeer() with { AllowedIPs = [new IPNetwork(gateway.Address, 32)] });
        third.Know(reader.AsPeer());
        gateway.Know(reader.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        EngineHarness.Settle(now, gateway, reader, third);
        Assert.False(reader.Engine.Cells.ContainsKey(gateway.Key.PublicKey));
        Assert.True(CellOf(third, reader).SentBytes > 0);
    }

    [Fact]
    public void Endpoints_that_no_datagram_should_go_to_are_not_taken()
    {
        string[] texts =
        [
            "192.0.2.1:41641", "[2001:db8::1]:41641", "192.0.2.1:41641", "0.0.0.0:1", "224.0.0.1:1", "255.255.255.255:1", "169.254.1.1:1",
            "[fe80::1]:1", "[fe80::1%eth0]:1", "[ff02::1]:1", "[::]:1", "192.0.2.1:0", "192.0.2.1", "name:1", "", "[::ffff:192.0.2.1]:41641", "1.2.3.4:99999",
        ];
        Assert.Equal(["192.0.2.1:41641", "[2001:db8::1]:41641"], Endpoints.ParseAll(texts).Select(static e => Endpoints.ToIPEndPoint(e).ToString()));
        Assert.Equal(Endpoints.MostPerPeer, Endpoints.ParseAll(Enumerable.Range(1, 100).Select(static n => $"192.0.2.{n}:1")).Count);
    }
}

/// <summary>Peers that discover paths.</summary>
public sealed class EngineWithDiscoTests() : EngineTests(speakDisco: true);

/// <summary>Peers of plain WireGuard.</summary>
public sealed class EngineWithoutDiscoTests() : EngineTests(speakDisco: false);

/// <summary>Ports that take and give many datagrams at a time.</summary>
public sealed class EngineInBatchesTests() : EngineTests(speakDisco: false, inBatches: true);
