using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>
/// Laws that hold on any network: what arrives was sent, arrives once, and arrives again when the network does. Each case draws its own
/// loss, duplication, corruption and delay; the two hosts talk over hours of virtual time, so sessions are renewed on the way.
/// </summary>
public class BadNetworkTests
{
    sealed record Network(int Seed, int LossPercent, int RepeatPercent, int CorruptPercent, int MaxDelayMs, string Suite)
    {
        public Func<Captured, IEnumerable<(byte[], int)>> Weather()
        {
            var random = new Random(Seed);
            return datagram =>
            {
                var arrivals = new List<(byte[], int)>();
                int copies = random.Next(100) < RepeatPercent ? random.Next(2, 5) : 1;
                for (int i = 0; i < copies; i++)
                {
                    if (random.Next(100) >= LossPercent)
                    {
                        byte[] bytes = (byte[])datagram.Bytes.Clone();
                        if (random.Next(100) < CorruptPercent)
                        {
                            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                        }

                        arrivals.Add((bytes, random.Next(MaxDelayMs + 1)));
                    }
                }

                return arrivals;
            };
        }
    }

    static readonly Gen<Network> Networks = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 60], Gen.Int[0, 50], Gen.Int[0, 30], Gen.Int[0, 2000])
        .Select((seed, loss, repeat, corrupt, delay) => new Network(seed, loss, repeat, corrupt, delay, "sodium"));

    [Fact]
    public void Every_packet_arrives_at_most_once_and_unchanged_and_the_session_recovers()
    {
        Networks.Sample(Run, iter: 40, seed: "0000KOIPe036", threads: 1);
    }

    [Fact]
    public void The_portable_suite_bears_it_as_well()
    {
        Run(new Network(1, 30, 20, 10, 500, "portable"));
    }

    static void Run(Network network)
    {
        var wire = new EavesdroppingWire(Suites.Named(network.Suite)) { Weather = network.Weather() };
        var random = new Random(network.Seed + 1);
        var sent = new Dictionary<TestNode, List<byte[]>> { [wire.Initiator] = [], [wire.Responder] = [] };
        for (int i = 0; i < 400; i++)
        {
            TestNode from = random.Next(2) == 0 ? wire.Initiator : wire.Responder;
            sent[from].Add(wire.Send(from, random.Next(4, 1200), i, random.Next(2) == 0));
            wire.Advance(random.Next(10) == 0 ? random.Next(60_000) : random.Next(200));
        }

        foreach (TestNode node in sent.Keys)
        {
            var expected = sent[wire.Other(node)].Select(Convert.ToHexString).ToHashSet();
            Assert.All(node.Delivered, packet => Assert.Contains(Convert.ToHexString(packet), expected));
            Assert.Equal(node.Delivered.Count, node.Delivered.Select(InnerPackets.NumberOf).Distinct().Count());
        }

        Assert.True(network.LossPercent > 40 || wire.Initiator.Delivered.Count + wire.Responder.Delivered.Count > 40, network + " let too little through");

        // The sky clears: everything flows again within a retransmission or two, and nothing is lost any more.
        wire.Weather = null;
        wire.Send(wire.Initiator, number: 5000);
        wire.Send(wire.Responder, number: 5000);
        wire.Advance(40_000);
        int before = wire.Initiator.Delivered.Count + wire.Responder.Delivered.Count;
        for (int i = 0; i < 20; i++)
        {
            wire.Send(i % 2 == 0 ? wire.Initiator : wire.Responder, number: 6000 + i);
            wire.Advance(1000);
        }

        Assert.Equal(before + 20, wire.Initiator.Delivered.Count + wire.Responder.Delivered.Count);
    }

    [Fact]
    public void Reordering_within_the_window_loses_nothing()
    {
        var random = new Random(4);
        var wire = new EavesdroppingWire();
        wire.Connect();
        wire.Weather = d => [(d.Bytes, random.Next(1000))];
        for (int i = 0; i < 8000; i++)
        {
            wire.Send(wire.Initiator, 4, i);
        }

        wire.Advance(2000);
        Assert.Equal(8000, wire.Responder.Delivered.Count);
    }

    [Fact]
    public void A_link_that_comes_and_goes_for_ten_years_is_there_whenever_it_is_there()
    {
        var random = new Random(10);
        var wire = new EavesdroppingWire();
        int expected = 0;
        for (int month = 0; month < 120; month++)
        {
            wire.IsCut = random.Next(3) == 0;
            wire.Send(random.Next(2) == 0 ? wire.Initiator : wire.Responder);
            expected += wire.IsCut ? 0 : 1;
            wire.Advance(1_000_000 + random.NextInt64(60L * 24 * 3_600_000));
        }

        Assert.Equal(expected, wire.Initiator.Delivered.Count + wire.Responder.Delivered.Count);
        Assert.True(wire.Log.Count < 120 * 22, "an idle link costs nothing");
    }
}
