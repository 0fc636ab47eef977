using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Peers cost something only while they talk.</summary>
[Collection("measures memory")]
[CollectionDefinition("measures memory", DisableParallelization = true)]
public sealed class SilentPeerTests : IDisposable
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

    void Introduce()
    {
        gateway.Know(reader.AsPeer());
        reader.Know(gateway.AsPeer());
        Settle();
    }

    static PeerPlan Stranger(int n) => new()
    {
        Key = NodePublicKey.FromBytes([.. BitConverter.GetBytes(n), .. new byte[27], 9]),
        DiscoKey = DiscoPublicKey.FromBytes([.. BitConverter.GetBytes(n), .. new byte[27], 8]),
        AllowedIPs =
        [
            new IPNetwork(new IPAddress([100, 70, (byte)(n >> 8), (byte)n]), 32),
            new IPNetwork(IPAddress.Parse($"fd7a:115c:a1e0::{n:x}"), 128),
        ],
        Candidates = [.. Enumerable.Range(1, 4).SelectMany(k => Endpoints.FromIPEndPoint(new IPEndPoint(new IPAddress([192, 0, 2, (byte)k]), n)))],
    };

    [Fact]
    public void Ten_thousand_silent_peers_cost_half_a_kilobyte_each()
    {
        // Plan, entry and tables, with two addresses and four endpoints each. Last measured on x64: 598, of which 400 the plan, most of that
        // address objects.
        const int peers = 10_000, budget = 640;
        gateway.Know();
        gateway.Engine.Step(now);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        PeerPlan[] plans = [.. Enumerable.Range(2, peers).Select(Stranger)];
        long plansOnly = GC.GetTotalMemory(forceFullCollection: true) - before;
        gateway.Know(plans);
        gateway.Engine.Step(now);
        long all = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(plans);
        TestContext.Current.TestOutputHelper?.WriteLine($"{all / peers} bytes per silent peer, {plansOnly / peers} of them its plan");
        Assert.Equal(0, gateway.Engine.SlotCount);
        Assert.Empty(gateway.Engine.Cells);
        Assert.True(gateway.Engine.WaitMs(now) > 1_000_000_000, "silent peers need no attention");
        Assert.True((all - plansOnly) / peers < 256, $"{(all - plansOnly) / peers} bytes in the engine per silent peer");
        Assert.True(all / peers <= budget, $"{all / peers} bytes per silent peer; {budget} are allowed");
    }

    [Fact]
    public void A_plan_that_changes_one_of_ten_thousand_peers_allocates_next_to_nothing()
    {
        List<PeerPlan> plans = [.. Enumerable.Range(2, 10_000).Select(Stranger)];
        gateway.Know([.. plans]);
        gateway.Engine.Step(now);
        plans[77] = plans[77] with { Candidates = reader.Endpoint };
        gateway.Know([.. plans]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        gateway.Engine.Step(now);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Fact]
    public void State_is_made_by_the_first_packet_and_goes_when_the_keys_are_gone()
    {
        Introduce();
        Assert.Equal(0, reader.Engine.SlotCount);
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(1, reader.Engine.SlotCount);
        Assert.Equal(1, gateway.Engine.SlotCount);
        long sent = reader.Engine.Cells[gateway.Key.PublicKey].SentBytes;
        Pass(600_000);
        Assert.Equal(0, reader.Engine.SlotCount);
        Assert.Equal(0, gateway.Engine.SlotCount);
        PeerCell cell = reader.Engine.Cells[gateway.Key.PublicKey];
        Assert.Null(cell.Endpoint);
        Assert.True(cell.LastHandshakeMs > 0);

        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(2, gateway.Host.Delivered);
        Assert.True(cell.SentBytes > sent, "counters go on where they stood");
        Assert.NotNull(cell.Endpoint);
    }

    [Fact]
    public void A_peer_that_cannot_be_reached_is_let_go_as_well()
    {
        reader.Know(gateway.AsPeer(Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Loopback, 9))));
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(1, reader.Engine.SlotCount);
        Pass(700_000);
        Assert.Equal(0, reader.Engine.SlotCount);
        Assert.True(reader.Engine.WaitMs(now) > 1_000_000_000);
    }

    [Fact]
    public void An_initiation_that_only_claims_to_be_a_silent_peer_leaves_nothing_behind()
    {
        // Sealed for the gateway in the reader's name by one who has not the reader's key: the last byte of the proof is wrong.
        Introduce();
        byte[] initiation = Overheard(() => reader.Host.Send(reader.Packet(gateway, 100)));
        byte[] forged = [.. initiation];
        forged[90] ^= 1;
        Resign(forged);
        reader.Port.Send(forged, gateway.Endpoint);
        EngineHarness.Settle(now, gateway);
        Assert.Equal(0, gateway.Engine.SlotCount);
        Assert.Empty(gateway.Engine.Cells);

        reader.Port.Send(initiation, gateway.Endpoint);
        EngineHarness.Settle(now, gateway);
        Assert.Equal(1, gateway.Engine.SlotCount);
    }

    [Fact]
    public void A_recorded_initiation_counts_no_more_even_after_the_peer_was_let_go()
    {
        Introduce();
        byte[] initiation = Overheard(() => reader.Host.Send(reader.Packet(gateway, 100)));
        reader.Port.Send(initiation, gateway.Endpoint);
        Settle();
        Pass(700_000);
        Assert.Equal(0, gateway.Engine.SlotCount);

        using UdpPort attacker = UdpPort.Open(IPAddress.Loopback, 0);
        attacker.Send(initiation, gateway.Endpoint);
        EngineHarness.Settle(now, gateway);
        Assert.Equal(0, gateway.Engine.SlotCount);
        Assert.Equal(-1, attacker.Receive(new byte[200], new byte[18]));
    }

    [Fact]
    public void A_talking_peer_cannot_use_the_address_of_a_silent_one_within_its_own_network()
    {
        using EngineHarness third = new(3);
        IPNetwork wide = IPNetwork.Parse("100.64.0.0/24");
        gateway.Know(reader.AsPeer() with { AllowedIPs = [new IPNetwork(reader.Address, 32), wide] }, third.AsPeer());
        reader.Know(gateway.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        byte[] elsewhere = reader.Packet(gateway, 100);
        elsewhere[15] = 77;
        reader.Host.Send(elsewhere);
        Settle();
        Assert.Equal(2, gateway.Host.Delivered);
        elsewhere[15] = 3;
        reader.Host.Send(elsewhere);
        Settle();
        Assert.Equal(2, gateway.Host.Delivered);
        Assert.Equal(1, gateway.Engine.SlotCount);
    }

    [Fact]
    public void Of_two_peers_with_one_prefix_the_other_gets_it_when_the_first_is_gone()
    {
        using EngineHarness third = new(3);
        reader.Know(gateway.AsPeer(), third.AsPeer() with { AllowedIPs = [new IPNetwork(gateway.Address, 32)] });
        reader.Know(gateway.AsPeer());
        gateway.Know(reader.AsPeer());
        reader.Host.Send(reader.Packet(gateway, 100));
        Settle();
        Assert.Equal(1, gateway.Host.Delivered);
    }

    // What the reader sends to the gateway's port while the gateway does not look.
    byte[] Overheard(Action act)
    {
        act();
        reader.Engine.Step(now);
        byte[] first = new byte[2000];
        int length = 0;
        for (int i = 0; i < 1000 && length != 148; i++)
        {
            length = gateway.Port.Receive(first, new byte[18]);
        }

        while (gateway.Port.Receive(new byte[2000], new byte[18]) >= 0)
        {
            // Pings, which the gateway is not to see.
        }

        Assert.Equal(148, length);
        return first[..148];
    }

    // Anybody who knows the gateway's public key can make mac1.
    void Resign(byte[] initiation)
    {
        byte[] label = [.. "mac1----"u8, .. gateway.Key.PublicKey.ToArray()];
        byte[] key = new byte[32];
        Blake2s.Hash(label, 0, label.Length, key, 0);
        Blake2s mac = new(16, key);
        mac.Update(initiation, 0, 116);
        mac.Finish(initiation, 116);
    }
}
