using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Peers and indexes against plain dictionaries, and the schedule against a sort.</summary>
public class TableTests
{
    static WireGuardDevice Device() => new(new SodiumSuite(), new ScriptedRandom(3), new Tai64nClock(0), new byte[32]);

    static byte[] Key(int number)
    {
        byte[] key = new byte[32];
        BitConverter.TryWriteBytes(key.AsSpan(24), number + 1);
        return key;
    }

    [Fact]
    public void Peers_are_found_by_key_through_any_order_of_adding_and_removing()
    {
        Gen.Int[0, 60].Array[0, 200].Sample(steps =>
        {
            WireGuardDevice device = Device();
            var model = new Dictionary<int, WireGuardPeer>();
            foreach (int number in steps)
            {
                if (model.Remove(number, out WireGuardPeer? gone))
                {
                    device.RemovePeer(gone);
                }
                else
                {
                    model[number] = device.AddPeer(Key(number), null);
                }

                Assert.Equal(model.Count, device.PeerCount);
                Assert.Equal(model.Values.ToHashSet(), Enumerable.Range(0, device.PeerCount).Select(device.PeerAt).ToHashSet());
                Assert.All(Enumerable.Range(0, 61), n => Assert.Same(model.GetValueOrDefault(n), device.FindPeer(Key(n))));
            }
        }, iter: 30, seed: "0000KOIPe036");
    }

    [Fact]
    public void Indexes_are_found_through_any_order_of_listing_and_removing()
    {
        WireGuardPeer peer = Device().AddPeer(Key(1), null);
        Gen.UInt[0, 40].Select(n => n * 0x01000001).Array[0, 300].Sample(steps =>
        {
            var table = new IndexTable(new ScriptedRandom(1));
            var model = new Dictionary<uint, IndexOwner>();
            foreach (uint index in steps)
            {
                if (model.Remove(index, out IndexOwner? gone))
                {
                    table.Remove(gone);
                }
                else
                {
                    model[index] = new PendingHandshake(peer) { LocalIndex = index };
                    table.Put(model[index]);
                }

                Assert.Equal(model.Count, table.Count);
                Assert.All(Enumerable.Range(0, 41), n => Assert.Same(model.GetValueOrDefault((uint)n * 0x01000001), table.Lookup((uint)n * 0x01000001)));
            }
        }, iter: 100, seed: "0000KOIPe036");
    }

    [Fact]
    public void A_new_index_is_never_one_in_use()
    {
        var random = new ScriptedRandom(1);
        var table = new IndexTable(random);
        WireGuardPeer peer = Device().AddPeer(Key(1), null);
        for (int i = 0; i < 50; i++)
        {
            random.Indexes.Enqueue(5);
            uint index = table.NewIndex();
            Assert.Null(table.Lookup(index));
            table.Put(new PendingHandshake(peer) { LocalIndex = index });
        }

        Assert.Equal(50, table.Count);
    }

    [Fact]
    public void The_device_wakes_for_the_earliest_of_many_timers()
    {
        Gen.Select(Gen.Int[0, 39], Gen.Long[1, 1000]).Array[1, 200].Sample(changes =>
        {
            WireGuardDevice device = Device();
            WireGuardPeer[] all = Enumerable.Range(0, 40).Select(n => device.AddPeer(Key(n), null)).ToArray();
            foreach ((int number, long at) in changes)
            {
                if (at % 10 == 0)
                {
                    device.RemovePeer(all[number]);
                }
                else
                {
                    all[number].Timers.Keepalive = at % 7 == 0 ? PeerTimers.Off : at;
                    device.Reschedule(all[number]);
                }

                long expected = all.Where(p => !p.IsRemoved).Select(p => p.Timers.Earliest).DefaultIfEmpty(PeerTimers.Off).Min();
                Assert.Equal(expected, device.NextWakeMs);
            }
        }, iter: 100, seed: "0000KOIPe036");
    }
}
