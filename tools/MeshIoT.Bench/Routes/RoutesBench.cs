using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Node.Engine;
using MeshIoT.WireGuard;

namespace MeshIoT.Bench;

/// <summary>
/// What it costs to find out whom an inner address belongs to, by number of prefixes: the node's table, and the trie that the portable core has for
/// those who have no netmap. Nanoseconds of the thread's processor time per lookup, median of the rounds; addresses in no order, as packets come.
/// </summary>
static class RoutesBench
{
    const int Lookups = 1 << 16, Rounds = 9;

    public const string Usage = "routes [--json FILE]";

    public static int Run(ReadOnlySpan<string> args)
    {
        if (args.Length != 0 && (args.Length != 2 || args[0] != "--json"))
        {
            Console.Error.WriteLine("usage: MeshIoT.Bench " + Usage);
            return 2;
        }

        List<Row> rows = [];
        foreach (int prefixes in (ReadOnlySpan<int>)[1, 10, 100, 1_000, 10_000])
        {
            rows.Add(Measure(prefixes));
        }

        Console.Out.WriteLine($"{"prefixes",8} {"table ns",10} {"least",8} {"most",8} {"trie ns",10} {"least",8} {"most",8}");
        foreach (Row row in rows)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Prefixes,8} {row.Table[Rounds / 2],10:F1} {row.Table[0],8:F1} {row.Table[^1],8:F1} {row.Trie[Rounds / 2],10:F1} {row.Trie[0],8:F1} {row.Trie[^1],8:F1}"));
        }

        if (args.Length == 2)
        {
            WriteJson(rows, args[1]);
        }

        return 0;
    }

    // Addresses as a tailnet gives them out, and one network behind every tenth peer.
    static Row Measure(int prefixes)
    {
        Random random = new(prefixes);
        RouteTable table = new();
        WireGuardDevice device = new(new SodiumSuite(), new SystemRandomSource(), new Tai64nClock(0), new byte[32]);
        WireGuardPeer peer = device.AddPeer([.. Enumerable.Repeat((byte)9, 32)], null);
        byte[][] addresses = new byte[prefixes][];
        for (int n = 0; n < prefixes; n++)
        {
            addresses[n] = [100, (byte)(64 + (n >> 14)), (byte)(n >> 6), (byte)(n << 2)];
            int length = 32;
            if (n % 10 == 9)
            {
                (addresses[n], length) = ([10, (byte)(n >> 8), (byte)n, 0], 24);
            }

            table.Insert(new IPNetwork(new IPAddress(addresses[n]), length), new PeerEntry(Plan(n)));
            device.AllowedIPs.Insert(addresses[n], length, peer);
        }

        byte[][] order = new byte[Lookups][];
        for (int i = 0; i < Lookups; i++)
        {
            order[i] = addresses[random.Next(prefixes)];
        }

        double[] inTable = new double[Rounds], inTrie = new double[Rounds];
        for (int round = -1; round < Rounds; round++)
        {
            double first = Time(() => InTable(table, order)), second = Time(() => InTrie(device.AllowedIPs, order));
            if (round >= 0)
            {
                (inTable[round], inTrie[round]) = (first, second);
            }
        }

        Array.Sort(inTable);
        Array.Sort(inTrie);
        return new Row(prefixes, inTable, inTrie);
    }

    static PeerPlan Plan(int n) => new() { Key = NodePublicKey.FromBytes([.. BitConverter.GetBytes(n), .. new byte[28]]), AllowedIPs = [], Candidates = [] };

    static int InTable(RouteTable table, byte[][] order)
    {
        int found = 0;
        foreach (byte[] address in order)
        {
            found += table.Find(address) is null ? 0 : 1;
        }

        return found;
    }

    static int InTrie(AllowedIPs trie, byte[][] order)
    {
        int found = 0;
        foreach (byte[] address in order)
        {
            found += trie.Lookup(address, 0, false) is null ? 0 : 1;
        }

        return found;
    }

    static double Time(Func<int> lookups)
    {
        long start = ThreadClock.Nanoseconds;
        int found = lookups();
        long taken = ThreadClock.Nanoseconds - start;
        return found == Lookups ? (double)taken / Lookups : throw new InvalidOperationException("the bench went off the rails: an address has nobody");
    }

    static void WriteJson(List<Row> rows, string path)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (Row row in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("prefixes", row.Prefixes);
            foreach ((string name, double[] values) in new[] { ("table_ns", row.Table), ("trie_ns", row.Trie) })
            {
                json.WriteNumber(name, Math.Round(values[Rounds / 2], 2));
                json.WriteNumber(name + "_least", Math.Round(values[0], 2));
                json.WriteNumber(name + "_most", Math.Round(values[^1], 2));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    sealed record Row(int Prefixes, double[] Table, double[] Trie);
}
