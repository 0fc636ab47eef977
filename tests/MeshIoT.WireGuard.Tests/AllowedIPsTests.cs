using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>The routing table against a list that is searched from end to end. WireGuard paper, section 2.</summary>
public class AllowedIPsTests
{
    readonly WireGuardDevice device = new(new SodiumSuite(), new ScriptedRandom(1), new Tai64nClock(0), new byte[32]);

    WireGuardPeer Peer(int number) => device.AddPeer(Enumerable.Repeat((byte)(number + 9), 32).ToArray(), null);

    [Fact]
    public void The_longest_prefix_wins_in_both_families()
    {
        WireGuardPeer any = Peer(0), net = Peer(1), host = Peer(2);
        device.AllowedIPs.Insert([0, 0, 0, 0], 0, any);
        device.AllowedIPs.Insert([10, 1, 2, 3], 8, net);
        device.AllowedIPs.Insert([10, 1, 2, 3], 32, host);
        device.AllowedIPs.Insert(new byte[16], 0, net);
        Assert.Same(host, device.AllowedIPs.Lookup([10, 1, 2, 3], 0, false));
        Assert.Same(net, device.AllowedIPs.Lookup([9, 10, 1, 2, 4], 1, false));
        Assert.Same(any, device.AllowedIPs.Lookup([11, 1, 2, 4], 0, false));
        Assert.Same(net, device.AllowedIPs.Lookup(new byte[16], 0, true));
    }

    [Fact]
    public void The_same_prefix_moves_to_whom_it_is_given_last()
    {
        WireGuardPeer first = Peer(0), second = Peer(1);
        device.AllowedIPs.Insert([10, 0, 0, 0], 24, first);
        device.AllowedIPs.Insert([10, 0, 0, 99], 24, second);
        Assert.Same(second, device.AllowedIPs.Lookup([10, 0, 0, 1], 0, false));
        device.AllowedIPs.RemoveByPeer(second);
        Assert.Null(device.AllowedIPs.Lookup([10, 0, 0, 1], 0, false));
    }

    [Fact]
    public void Broken_callers_hear_of_it()
    {
        WireGuardPeer peer = Peer(0);
        Assert.Throws<ArgumentException>(() => device.AllowedIPs.Insert([1, 2, 3], 8, peer));
        Assert.Throws<ArgumentException>(() => device.AllowedIPs.Insert([1, 2, 3, 4], 33, peer));
        Assert.Throws<ArgumentException>(() => device.AllowedIPs.Insert([1, 2, 3, 4], -1, peer));
        Assert.Throws<ArgumentException>(() => device.AllowedIPs.Lookup([1, 2, 3, 4], 0, true));
        device.RemovePeer(peer);
        Assert.Throws<ArgumentException>(() => device.AllowedIPs.Insert([1, 2, 3, 4], 8, peer));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void It_agrees_with_a_plain_list_through_inserts_moves_and_removals(int size)
    {
        // Few distinct bytes, so that prefixes nest, collide and part at every length.
        Gen<byte[]> address = Gen.Byte[0, 3].Select(b => (byte)(b * 0x55)).Array[size];
        Gen<(byte[], int, int)> change = Gen.Select(address, Gen.Int[0, size * 8], Gen.Int[0, 5]);
        Gen.Select(change.Array[1, 60], address.Array[20]).Sample((changes, probes) =>
        {
            var local = new WireGuardDevice(new SodiumSuite(), new ScriptedRandom(1), new Tai64nClock(0), new byte[32]);
            WireGuardPeer[] peers = Enumerable.Range(0, 5).Select(i => local.AddPeer(Enumerable.Repeat((byte)(i + 9), 32).ToArray(), null)).ToArray();
            var model = new Dictionary<(string Prefix, int Length), WireGuardPeer>();
            foreach ((byte[] prefix, int length, int peer) in changes)
            {
                if (peer == 5)
                {
                    local.AllowedIPs.RemoveByPeer(peers[length % 5]);
                    foreach (var gone in model.Where(e => e.Value == peers[length % 5]).ToList())
                    {
                        model.Remove(gone.Key);
                    }
                }
                else
                {
                    local.AllowedIPs.Insert(prefix, length, peers[peer]);
                    model[(Bits(prefix)[..length], length)] = peers[peer];
                }
            }

            foreach (byte[] probe in probes)
            {
                string bits = Bits(probe);
                WireGuardPeer? expected = model.Where(e => bits.StartsWith(e.Key.Prefix, StringComparison.Ordinal)).OrderBy(e => e.Key.Length).LastOrDefault().Value;
                Assert.Same(expected, local.AllowedIPs.Lookup(probe, 0, size == 16));
            }
        }, iter: 300, seed: "0000KOIPe036");
    }

    [Fact]
    public void A_lookup_visits_hardly_more_nodes_of_ten_thousand_prefixes_than_of_a_hundred()
    {
        // A path-compressed trie is as deep as its prefixes branch: log2 of their number for addresses as they are given out, never more than 33.
        var random = new Random(11);
        var most = new Dictionary<int, int>();
        foreach (int prefixes in new[] { 1, 10, 100, 1_000, 10_000 })
        {
            var local = new WireGuardDevice(new SodiumSuite(), new ScriptedRandom(1), new Tai64nClock(0), new byte[32]);
            WireGuardPeer[] peers = Enumerable.Range(0, 10).Select(i => local.AddPeer(Enumerable.Repeat((byte)(i + 9), 32).ToArray(), null)).ToArray();
            byte[][] addresses = Enumerable.Range(0, prefixes).Select(n => new byte[] { 100, (byte)(64 + (n >> 14)), (byte)(n >> 6), (byte)(n << 2) }).ToArray();
            for (int n = 0; n < prefixes; n++)
            {
                local.AllowedIPs.Insert(addresses[n], 32, peers[n % peers.Length]);
            }

            int deepest = 0;
            for (int n = 0; n < prefixes; n++)
            {
                (WireGuardPeer? found, int visits) = Walk(local.AllowedIPs, addresses[n]);
                Assert.Same(peers[n % peers.Length], found);
                Assert.Same(found, local.AllowedIPs.Lookup(addresses[n], 0, false));
                deepest = Math.Max(deepest, visits);
            }

            byte[] stranger = new byte[4];
            for (int n = 0; n < 1_000; n++)
            {
                random.NextBytes(stranger);
                deepest = Math.Max(deepest, Walk(local.AllowedIPs, stranger).Visits);
            }

            most[prefixes] = deepest;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", most));
        Assert.Equal(1, most[1]);
        Assert.InRange(most[10_000], 1, 15);
        Assert.InRange(most[10_000] - most[100], 0, 8);
    }

    // The way of Lookup, counted.
    static (WireGuardPeer? Found, int Visits) Walk(AllowedIPs routes, byte[] address)
    {
        uint[] words = [(uint)((address[0] << 24) | (address[1] << 16) | (address[2] << 8) | address[3]), 0, 0, 0];
        WireGuardPeer? best = null;
        int visits = 0;
        for (AllowedIPsNode? node = routes.RootOf(false); node != null; node = node.Length == 32 ? null : node.ChildFor(words))
        {
            visits++;
            if (!node.Covers(words))
            {
                break;
            }

            best = node.Peer ?? best;
        }

        return (best, visits);
    }

    static string Bits(byte[] address) => string.Concat(address.Select(b => Convert.ToString(b, 2).PadLeft(8, '0')));
}
