using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Numerics;
using MeshIoT.Control;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Naming;

/// <summary>
/// Names of the tailnet: full ("boiler.tail.example", with or without the last dot) or short ("boiler"), in any case.
/// A short name means the node of our own domain first. Immutable. It holds places in a list, not texts: some 40 bytes a peer.
/// </summary>
internal sealed class NameTable
{
    // Open addressing, at most half full: 0 is free, 1 this node, n + 2 the peer n.
    const int Self = 1, FirstPeer = 2;

    readonly NamedNode self;
    readonly string label, domain;
    readonly Peer[] peers;
    readonly int[] byLabel, byAddress;

    NameTable(NamedNode self, IReadOnlyCollection<Peer> all)
    {
        this.self = self;
        (label, domain) = Split(self.FullName);
        peers = [.. all];
        int addresses = self.Addresses.Count;
        foreach (Peer peer in peers)
        {
            addresses += peer.Addresses.Count;
        }

        byLabel = Room(peers.Length + 1);
        byAddress = Room(addresses);
        Put(byLabel, Hash(label), Self);
        foreach (IPAddress address in self.Addresses)
        {
            Put(byAddress, address.GetHashCode(), Self);
        }

        for (int i = 0; i < peers.Length; i++)
        {
            Put(byLabel, Hash(peers[i].Label), i + FirstPeer);
            foreach (IPNetwork prefix in peers[i].Addresses)
            {
                Put(byAddress, prefix.BaseAddress.GetHashCode(), i + FirstPeer);
            }
        }
    }

    /// <summary>No names.</summary>
    public static NameTable Empty { get; } = new(new NamedNode("", []), []);

    /// <summary>The table of this node and its peers.</summary>
    public static NameTable Create(NamedNode self, IReadOnlyCollection<Peer> peers) => new(self, peers);

    /// <summary>Finds a node by name or by one of its addresses.</summary>
    public bool TryFind(string nameOrAddress, [NotNullWhen(true)] out NamedNode? node)
    {
        node = IPAddress.TryParse(nameOrAddress, out IPAddress? address) ? FindAddress(address) : FindName(nameOrAddress);
        return node is not null;
    }

    NamedNode? FindName(string name)
    {
        (string wanted, string rest) = Split(name.EndsWith('.') ? name[..^1] : name);
        if (wanted.Length == 0)
        {
            return null;
        }

        int found = 0;
        for (int at = Hash(wanted) & (byLabel.Length - 1); byLabel[at] != 0; at = (at + 1) & (byLabel.Length - 1))
        {
            int place = byLabel[at];
            if (!Same(place == Self ? label : peers[place - FirstPeer].Label, wanted))
            {
                continue;
            }

            ReadOnlySpan<char> itsDomain = place == Self ? domain : peers[place - FirstPeer].Suffix.AsSpan().Trim('.');
            if (Same(itsDomain, rest.Length > 0 ? rest : domain))
            {
                return Describe(place);
            }

            found = found == 0 && rest.Length == 0 ? place : found;
        }

        return found == 0 ? null : Describe(found);
    }

    NamedNode? FindAddress(IPAddress address)
    {
        for (int at = address.GetHashCode() & (byAddress.Length - 1); byAddress[at] != 0; at = (at + 1) & (byAddress.Length - 1))
        {
            NamedNode node = Describe(byAddress[at]);
            foreach (IPAddress its in node.Addresses)
            {
                if (its.Equals(address))
                {
                    return node;
                }
            }
        }

        return null;
    }

    NamedNode Describe(int place) => place == Self
        ? self : new NamedNode(peers[place - FirstPeer].Name.TrimEnd('.'), PlanBuilder.AddressesOf(peers[place - FirstPeer]));

    static int[] Room(int count) => new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, count * 2))];

    // In the order of the netmap: of two with one name or address the first is found first.
    static void Put(int[] table, int hash, int place)
    {
        int at = hash & (table.Length - 1);
        while (table[at] != 0)
        {
            at = (at + 1) & (table.Length - 1);
        }

        table[at] = place;
    }

    static int Hash(ReadOnlySpan<char> text) => string.GetHashCode(text, StringComparison.OrdinalIgnoreCase);

    static bool Same(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    static (string Label, string Domain) Split(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
    }
}

/// <summary>A node with a name.</summary>
/// <param name="FullName">Without the last dot.</param>
/// <param name="Addresses">IPv4 first.</param>
internal sealed record NamedNode(string FullName, IReadOnlyList<IPAddress> Addresses);
