using System;
using System.Linq;
using System.Net;
using MeshIoT.Disco;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Path discovery inside the engine: what a pong proves decides where packets go.</summary>
public sealed class DiscoEngineTests : IDisposable
{
    readonly EngineHarness gateway = new(1), reader = new(2);
    long now = 1_000_000;

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

    void Talk()
    {
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
    }

    [Fact]
    public void Whoever_talks_pings_and_the_pong_confirms_the_path()
    {
        Talk();
        Assert.Equal(1, reader.Engine.Disco!.PingsSent);
        Assert.Equal(1, gateway.Engine.Disco!.PongsSent);
        Assert.Equal(gateway.Endpoint, reader.Engine.Cells[gateway.Key.PublicKey].Endpoint);
        Pass(60_000);
        Assert.InRange(reader.Engine.Disco.PingsSent, 14, 17);
        Assert.Equal(0, reader.Engine.Disco.DropCount(DiscoFault.Forged) + reader.Engine.Disco.DropCount(DiscoFault.UnaskedPong));
    }

    [Fact]
    public void A_confirmed_path_is_not_left_for_the_source_of_a_relayed_packet()
    {
        // Somebody between the two takes a genuine packet out of the wire and sends it on from his own address.
        Talk();
        gateway.Host.Send(gateway.Packet(reader, 100));
        gateway.Engine.Step(now);
        byte[] packet = new byte[2000];
        int length = Catch(reader, packet);
        using UdpPort relay = UdpPort.Open(IPAddress.Loopback, 0);
        long before = reader.Host.Delivered;
        relay.Send(packet.AsSpan(0, length), reader.Endpoint);
        EngineHarness.Settle(now, reader);
        Assert.Equal(before + 1, reader.Host.Delivered);

        reader.Host.Send(reader.Packet(gateway, 100));
        EngineHarness.Settle(now, reader);
        Assert.Equal(-1, relay.Receive(packet, new byte[18]));
        Settle();
        Assert.Equal(2, gateway.Host.Delivered);
        Assert.Equal(gateway.Endpoint, reader.Engine.Cells[gateway.Key.PublicKey].Endpoint);
    }

    [Fact]
    public void A_ping_of_a_silent_peer_begins_the_handshake_that_it_could_not()
    {
        // As Tailscale's client does: it pings first, and sends its handshake only where a pong came from.
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer(), Nobody());
        DiscoPeer peer = null!;
        reader.Engine.Post(new Ask(engine => peer = engine.Disco!.Add(gateway.Disco.PublicKey, gateway.Endpoint)));
        reader.Engine.Post(new Ask(engine => engine.Disco!.Want(peer, now)));
        Settle();
        Assert.NotNull(peer.Best);
        Assert.Equal(1, gateway.Engine.SlotCount);
        Assert.True(gateway.Engine.Cells[reader.Key.PublicKey].LastHandshakeMs > 0);
        Assert.Equal(reader.Endpoint, gateway.Engine.Cells[reader.Key.PublicKey].Endpoint);
    }

    [Fact]
    public void A_handshake_that_the_peer_could_not_answer_is_tried_again_when_it_pings()
    {
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        reader.Engine.Step(now);
        while (gateway.Port.Receive(new byte[2000], new byte[18]) >= 0)
        {
            // All lost.
        }

        now += 10;
        DiscoPeer peer = null!;
        gateway.Engine.Post(new Ask(engine => peer = engine.Disco!.Add(reader.Disco.PublicKey, reader.Endpoint)));
        gateway.Engine.Post(new Ask(engine => engine.Disco!.Want(peer, now)));
        Settle();
        Assert.Equal(0, gateway.Host.Delivered);
        Pass(60);
        Assert.Equal(1, gateway.Host.Delivered);
    }

    [Fact]
    public void A_flood_of_pings_costs_a_bounded_number_of_answers()
    {
        Talk();
        reader.Host.Send(reader.Packet(gateway, 100));
        byte[] ping = new byte[2000];
        now += 4_000;
        reader.Engine.Step(now);
        int length;
        do
        {
            length = gateway.Port.Receive(ping, new byte[18]);
            Assert.True(length >= 0);
        }
        while (!DiscoDatagram.IsDisco(ping.AsSpan(0, length)));

        long before = gateway.Engine.Disco!.PongsSent;
        using UdpPort flooder = UdpPort.Open(IPAddress.Loopback, 0);
        for (int i = 0; i < 100_000; i++)
        {
            flooder.Send(ping.AsSpan(0, length), gateway.Endpoint);
            if (i % 100 == 0)
            {
                gateway.Engine.Step(now);
            }
        }

        EngineHarness.Settle(now, gateway);
        Assert.InRange(gateway.Engine.Disco.PongsSent - before, 1, new DiscoLimits().OpensPerSenderPerSecond * 2);
        Assert.Equal(1, gateway.Engine.Disco.SecretsComputed);
        reader.Host.Send(reader.Packet(gateway, 100));
        long delivered = gateway.Host.Delivered;
        Settle();
        Assert.Equal(delivered + 1, gateway.Host.Delivered);
        Assert.Equal(reader.Endpoint, gateway.Engine.Cells[reader.Key.PublicKey].Endpoint);
    }

    [Fact]
    public void Two_nodes_with_one_disco_key_are_both_known_until_both_are_gone()
    {
        using EngineHarness twin = new(3);
        PeerPlan copy = twin.AsPeer() with { DiscoKey = reader.Disco.PublicKey };
        gateway.Know(reader.AsPeer(), copy);
        gateway.Know(copy);
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(1, gateway.Engine.Disco!.PongsSent);
        gateway.Know();
        Pass(4_000);
        Assert.True(gateway.Engine.Disco.DropCount(DiscoFault.UnknownSender) > 0);
        Assert.Equal(0, gateway.Engine.Disco.SecretsKept);
    }

    [Fact]
    public void What_is_sent_to_a_peer_that_has_just_restarted_arrives()
    {
        Talk();
        using EngineHarness again = new(1);
        again.Engine.Post(new NetworkPlan
        {
            Identity = gateway.Key, Addresses = [gateway.Address], Peers = [reader.AsPeer()],
            Filter = Filter.PacketFilter.Compile(
                [new Tailcfg.FilterRule { SrcIPs = ["*"], DstPorts = [new Tailcfg.NetPortRange { IP = "*", Ports = Tailcfg.PortRange.Any }] }],
                [new IPNetwork(gateway.Address, 32)], out _),
        });
        reader.Know(gateway.AsPeer(again.Endpoint) with { DiscoKey = again.Disco.PublicKey });
        reader.Engine.Step(now);
        reader.Host.Send(reader.Packet(gateway, 100));
        EngineHarness.Settle(now, again, reader);
        Assert.Equal(1, again.Host.Delivered);
        Assert.Equal(again.Endpoint, reader.Engine.Cells[gateway.Key.PublicKey].Endpoint);
    }

    static PeerPlan Nobody() => new()
    {
        Key = Crypto.NodePublicKey.FromBytes([.. new byte[31], 9]), AllowedIPs = [], Candidates = [],
    };

    static int Catch(EngineHarness at, byte[] packet)
    {
        while (true)
        {
            int length = at.Port.Receive(packet, new byte[18]);
            Assert.True(length >= 0);
            if (packet[0] == 4)
            {
                return length;
            }
        }
    }

    sealed class Ask(Action<PacketEngine> what) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => what(engine);
    }
}
