using System;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using MeshIoT.WireGuard;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Relays as the engine's second way: what goes there, what counts that comes from there, and what it cannot be talked into.</summary>
public sealed class RelayEngineTests : IDisposable
{
    const int Region = 900;

    readonly EngineHarness gateway = new(1), reader = new(2);
    readonly FakeRelay relay = new();
    readonly byte[] nowhere = Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Loopback, 9));
    long now = 1_000_000;

    public RelayEngineTests()
    {
        relay.Join(gateway);
        relay.Join(reader);
    }

    public void Dispose()
    {
        gateway.Dispose();
        reader.Dispose();
    }

    void Settle() => EngineHarness.Settle(now, gateway, reader);

    void Pass(long ms)
    {
        for (long end = now + ms; now < end;)
        {
            now += Math.Clamp(Math.Min(gateway.Engine.WaitMs(now), reader.Engine.WaitMs(now)), 1, end - now);
            Settle();
        }
    }

    PeerPlan ByRelayOnly(EngineHarness peer) => peer.AsPeer(nowhere) with { Home = Region };

    // Both know of no place where the other is.
    void IntroduceByRelay()
    {
        gateway.Know(ByRelayOnly(reader));
        reader.Know(ByRelayOnly(gateway));
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
    }

    [Fact]
    public void A_peer_that_no_datagram_reaches_is_reached_by_relay_at_once()
    {
        IntroduceByRelay();
        Assert.Equal(1, gateway.Host.Delivered);
        PeerCell cell = reader.Engine.Cells[gateway.Key.PublicKey];
        Assert.Equal(Region, cell.Region);
        Assert.Null(cell.Endpoint);
        Assert.Equal(Region, RelayEndpoint.RegionOf(cell.Way));
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.Equal(1, reader.Host.Delivered);
        Assert.Equal(0, gateway.Engine.StrangerDrops + reader.Engine.StrangerDrops);
    }

    [Fact]
    public void The_session_moves_to_the_direct_path_without_another_handshake()
    {
        gateway.Engine.UseEndpoints(new Places(gateway.Endpoint));
        reader.Engine.UseEndpoints(new Places(reader.Endpoint));
        IntroduceByRelay();
        Pass(500);
        long handshake = reader.Engine.Cells[gateway.Key.PublicKey].LastHandshakeMs;
        Assert.Equal(gateway.Endpoint, reader.Engine.Cells[gateway.Key.PublicKey].Endpoint);
        Assert.True(reader.Engine.Disco!.CallsSent > 0);
        long carried = relay.Carried;
        reader.Host.Send(reader.Packet(gateway, 100), 50);
        gateway.Host.Send(gateway.Packet(reader, 100), 50);
        Settle();
        Assert.Equal(carried, relay.Carried);
        Assert.Equal(51, gateway.Host.Delivered);
        Assert.Equal(handshake, reader.Engine.Cells[gateway.Key.PublicKey].LastHandshakeMs);
    }

    [Fact]
    public void A_direct_path_that_breaks_under_traffic_has_the_relay_beside_it_within_half_a_second()
    {
        gateway.Know(reader.AsPeer() with { Home = Region });
        reader.Know(gateway.AsPeer() with { Home = Region });
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Pass(1_000);
        long carried = relay.Carried;
        long before = gateway.Host.Delivered;

        // The gateway's port hears nothing any more.
        int late = 0;
        for (int i = 0; i < 20; i++)
        {
            now += 50;
            reader.Host.Send(reader.Packet(gateway, 100));
            reader.Engine.Step(now);
            Drain(gateway.Port);
            gateway.Engine.Step(now);
            late = gateway.Host.Delivered == before ? i + 1 : late;
        }

        Assert.InRange(late * 50, 200, 500);
        Assert.True(relay.Carried > carried);
    }

    [Fact]
    public void A_packet_costs_no_allocation_by_relay_either()
    {
        IntroduceByRelay();
        gateway.Host.Send(gateway.Packet(reader, 1280));
        Settle();
        relay.Records = false;
        for (int round = 0; round < 3; round++)
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
            if (round == 2)
            {
                Assert.Equal(0, allocated);
            }
        }
    }

    [Fact]
    public void What_comes_by_relay_from_nobody_of_the_netmap_is_dropped_and_counted()
    {
        IntroduceByRelay();
        byte[] genuine = relay.Last!;
        NodePublicKey stranger = NodePublicKey.FromBytes([.. new byte[31], 9]);
        relay.Bring(gateway, Region, stranger, genuine);
        relay.Bring(gateway, Region, default, genuine);
        Settle();
        Assert.Equal(2, gateway.Engine.StrangerDrops);
    }

    [Fact]
    public void A_peer_cannot_hand_in_what_is_another_peers()
    {
        // A third node of the tailnet got hold of a genuine packet, before the gateway did, and brings it in its own name.
        using EngineHarness third = new(3);
        relay.Join(third);
        gateway.Know(ByRelayOnly(reader), ByRelayOnly(third));
        reader.Know(ByRelayOnly(gateway));
        reader.Host.Send(reader.Packet(gateway, 100));
        relay.IsDown = true;
        reader.Engine.Step(now);
        relay.IsDown = false;
        Settle();
        Pass(6_000);
        Assert.Equal(1, gateway.Host.Delivered);

        reader.Host.Send(reader.Packet(gateway, 100));
        byte[] packet = Steal();
        relay.Bring(gateway, Region, third.Key.PublicKey, packet);
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
        Assert.Equal(0, gateway.Engine.PathOf(third.Key.PublicKey)?.Reached ?? 0);
        relay.Bring(gateway, Region, reader.Key.PublicKey, packet);
        Settle();
        Assert.Equal(2, gateway.Host.Delivered);
    }

    [Fact]
    public void A_datagram_of_the_network_cannot_claim_to_come_from_a_relay()
    {
        // What a raw socket on the same link could send: the source is only bytes.
        using EngineHarness other = new(4);
        other.Know(ByRelayOnly(reader));
        FakePort port = new();
        using PacketEngine engine = new(
            port, new EngineHarness.QueueLink(), new SodiumSuite(), new SystemRandomSource(), new Tai64nClock(1_800_000_000_000), other.Disco, static () => { });
        port.Add(new byte[148], RelayEndpoint.Of(Region));
        port.Add(new byte[32], RelayEndpoint.Of(1));
        engine.Step(now);
        Assert.Equal(2, engine.FalseRelayDrops);
        Assert.Equal(0, engine.EarlyDrops);
    }

    [Fact]
    public void A_netmap_cannot_name_the_relays_address_as_an_endpoint()
    {
        long dropped = 0;
        Assert.Empty(Endpoints.Pack(Control.PeerEndpoints.Parse(["127.3.3.40:900"], ref dropped)));
        Assert.Equal(18, Endpoints.Pack(Control.PeerEndpoints.Parse(["127.3.3.40:900", "192.0.2.1:5"], ref dropped)).Length);
    }

    [Fact]
    public void A_peer_that_knocks_by_relay_before_the_netmap_names_it_is_let_in_as_soon_as_it_does()
    {
        gateway.Know();
        reader.Know(ByRelayOnly(gateway));
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(0, gateway.Host.Delivered);
        now += 3_000;
        gateway.Know(ByRelayOnly(reader));
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
    }

    [Fact]
    public void A_peer_without_a_known_home_is_answered_by_the_relay_it_came_from_until_that_says_it_left()
    {
        gateway.Know(reader.AsPeer(nowhere));
        reader.Know(ByRelayOnly(gateway));
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.Equal(1, reader.Host.Delivered);
        gateway.Engine.Relayed.PeerGone(Region, reader.Key.PublicKey, Derp.PeerGoneReason.Disconnected);
        Settle();
        long carried = relay.Carried;
        gateway.Host.Send(gateway.Packet(reader, 100));
        Settle();
        Assert.Equal(carried, relay.Carried);
    }

    [Fact]
    public void A_flood_of_packets_by_relay_is_bounded_work_and_leaves_the_rest_alone()
    {
        IntroduceByRelay();
        byte[] ping = new byte[124];
        "TS\ud83d\udcac"u8.CopyTo(ping);
        reader.Disco.PublicKey.CopyTo(ping.AsSpan(6));
        for (int i = 0; i < 100_000; i++)
        {
            relay.Bring(gateway, Region, reader.Key.PublicKey, ping);
            if (i % 100 == 0)
            {
                gateway.Engine.Step(now);
            }
        }

        EngineHarness.Settle(now, gateway);
        Assert.InRange(gateway.Engine.Disco!.Opened, 1, 2 + (new DiscoLimits().OpensPerSenderPerSecond * 2));
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(2, gateway.Host.Delivered);
    }

    // What the reader gives its relay, which goes nowhere this time.
    byte[] Steal()
    {
        byte[]? stolen = null;
        reader.Engine.UseRelays(new Trap(packet => stolen = packet));
        reader.Engine.Step(now);
        relay.Join(reader);
        return stolen!;
    }

    static void Drain(UdpPort port)
    {
        byte[] buffer = new byte[4096];
        while (port.Receive(buffer, new byte[18]) >= 0)
        {
            // Lost.
        }
    }

    sealed class Trap(Action<byte[]> take) : Derp.DerpSender
    {
        public override bool Send(int region, NodePublicKey destination, ReadOnlySpan<byte> packet, bool more = false)
        {
            if (packet[0] == 4)
            {
                take(packet.ToArray());
            }

            return true;
        }

        public override void Flush()
        {
        }

        public override bool IsConnected(int region) => true;
    }

    sealed class Places(byte[] at) : EndpointSource
    {
        public override byte[] Packed => at;

        public override bool IsFresh => true;
    }

    sealed class FakePort : DatagramPort
    {
        readonly System.Collections.Generic.Queue<(byte[] Bytes, byte[] From)> waiting = new();

        public override int FileDescriptor => -1;

        public void Add(byte[] bytes, byte[] from) => waiting.Enqueue((bytes, from));

        public override int Receive(Span<byte> buffer, Span<byte> source18)
        {
            if (!waiting.TryDequeue(out (byte[] Bytes, byte[] From) one))
            {
                return -1;
            }

            one.Bytes.CopyTo(buffer);
            one.From.CopyTo(source18);
            return one.Bytes.Length;
        }

        public override bool Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18) => true;

        public override void Dispose()
        {
        }
    }
}
