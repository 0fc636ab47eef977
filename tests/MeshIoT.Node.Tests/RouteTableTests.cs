using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CsCheck;
using MeshIoT.Crypto;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Whom an address belongs to, against a list that is searched from end to end; and that it costs the same with one prefix and with ten thousand.</summary>
public class RouteTableTests
{
    static PeerEntry Peer(int n) => new(new PeerPlan { Key = NodePublicKey.FromBytes([.. BitConverter.GetBytes(n), .. new byte[28]]), AllowedIPs = [], Candidates = [] });

    // Few distinct bytes, so that prefixes nest, collide and part at every length.
    static Gen<IPAddress> Address(int size) => Gen.Byte[0, 3].Select(static b => (byte)(b * 0x55)).Array[size].Select(static bytes => new IPAddress(bytes));

    static Gen<IPNetwork> Prefix(int size) => Gen.Select(Address(size), Gen.Int[0, size * 8]).Select(static (address, length) => Network(address, length));

    static IPNetwork Network(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void It_agrees_with_a_plain_list_through_gifts_moves_and_losses(int size)
    {
        Gen.Select(Gen.Select(Prefix(size), Gen.Int[0, 5], Gen.Bool).Array[1, 80], Address(size).Array[30]).Sample(
            (changes, probes) =>
            {
                RouteTable table = new();
                PeerEntry[] peers = [.. Enumerable.Range(0, 6).Select(Peer)];
                Dictionary<IPNetwork, PeerEntry> model = [];
                foreach ((IPNetwork prefix, int peer, bool gives) in changes)
                {
                    if (gives)
                    {
                        table.Insert(prefix, peers[peer]);
                        if (IsOfItsFamily(prefix))
                        {
                            model[prefix] = peers[peer];
                        }
                    }
                    else
                    {
                        table.Remove(prefix, peers[peer]);
                        if (model.TryGetValue(prefix, out PeerEntry? owner) && owner == peers[peer])
                        {
                            model.Remove(prefix);
                        }
                    }
                }

                foreach (IPAddress probe in probes)
                {
                    PeerEntry? expected = model.Where(known => known.Key.Contains(probe)).OrderBy(static known => known.Key.PrefixLength).LastOrDefault().Value;
                    Assert.Same(expected, table.Find(probe.GetAddressBytes()));
                }
            },
            iter: 400);
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_lookup_looks_as_often_with_ten_thousand_prefixes_as_with_one(AddressFamily family)
    {
        // Addresses as a tailnet gives them, and behind some peers networks of three sizes.
        int[] sizes = family == AddressFamily.InterNetwork ? [32, 24, 20, 16] : [128, 64, 56, 48];
        List<(int Prefixes, int Most)> seen = [];
        foreach (int prefixes in (int[])[4, 10, 100, 1_000, 10_000])
        {
            RouteTable table = new();
            Random random = new(prefixes);
            List<IPNetwork> all = [];
            for (int n = 0; n < prefixes; n++)
            {
                IPNetwork prefix = Network(Numbered(family, n), n < sizes.Length || random.Next(10) == 0 ? sizes[n % sizes.Length] : sizes[0]);
                all.Add(prefix);
                table.Insert(prefix, Peer(n));
            }

            int most = 0;
            foreach (IPNetwork prefix in all)
            {
                Assert.NotNull(table.Find(prefix.BaseAddress.GetAddressBytes(), out int looks));
                most = Math.Max(most, looks);
            }

            for (int miss = 0; miss < 1_000; miss++)
            {
                byte[] bytes = new byte[family == AddressFamily.InterNetwork ? 4 : 16];
                random.NextBytes(bytes);
                bytes[0] = 9;
                Assert.Null(table.Find(bytes, out int looks));
                most = Math.Max(most, looks);
            }

            // The address of a peer itself, which nearly every packet has, takes one look.
            Assert.NotNull(table.Find(all.First(prefix => prefix.PrefixLength == sizes[0]).BaseAddress.GetAddressBytes(), out int first));
            Assert.Equal(1, first);
            seen.Add((prefixes, most));
        }

        Assert.All(seen, entry => Assert.Equal(sizes.Length, entry.Most));
    }

    static IPAddress Numbered(AddressFamily family, int n) => family == AddressFamily.InterNetwork
        ? new IPAddress([100, (byte)(64 + (n >> 14)), (byte)(n >> 6), (byte)(n << 2)])
        : new IPAddress([0xfd, 0x7a, 0x11, 0x5c, 0xa1, 0xe0, (byte)(n >> 8), (byte)n, 0, 0, 0, 0, 0, 0, 0, (byte)n]);

    // What an IPv6 prefix of v4-mapped addresses would be.
    static bool IsOfItsFamily(IPNetwork prefix) => prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork || !prefix.BaseAddress.IsIPv4MappedToIPv6;
}
