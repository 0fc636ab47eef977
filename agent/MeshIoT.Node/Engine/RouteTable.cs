using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.Node.Engine;

/// <summary>
/// Whom an inner address belongs to, longest prefix first. Nearly all of a tailnet's prefixes are single addresses, so it is one
/// hash table per prefix length: 40 bytes an address, one probe for most packets, and a change costs what changed. Of two peers
/// with the very same prefix the later has it.
/// </summary>
internal sealed class RouteTable
{
    const int Bits = 128, V4At = 96;

    readonly Dictionary<InnerKey, PeerEntry>?[] byLength = new Dictionary<InnerKey, PeerEntry>?[Bits + 1];
    int[] lengths = [], lengths4 = [];

    /// <summary>Two peers have been given the same prefix: when one loses it the other may be due to get it, so build anew.</summary>
    public bool IsContested { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(byLength);
        lengths = lengths4 = [];
        IsContested = false;
    }

    /// <summary>Room for so many single addresses, without the slack of growing.</summary>
    public void Reserve(int addresses) => TableOf(Bits).EnsureCapacity(addresses);

    /// <summary>Gives the prefix to a peer.</summary>
    public void Insert(IPNetwork prefix, PeerEntry peer)
    {
        if (TryKey(prefix, out InnerKey key, out int length))
        {
            Dictionary<InnerKey, PeerEntry> table = TableOf(length);
            IsContested |= table.TryGetValue(key, out PeerEntry? other) && other != peer;
            table[key] = peer;
        }
    }

    /// <summary>Takes the prefix from a peer, if it has it.</summary>
    public void Remove(IPNetwork prefix, PeerEntry peer)
    {
        if (TryKey(prefix, out InnerKey key, out int length)
            && byLength[length] is { } table && table.TryGetValue(key, out PeerEntry? owner) && owner == peer)
        {
            table.Remove(key);
            if (table.Count == 0)
            {
                byLength[length] = null;
                ListLengths();
            }
        }
    }

    /// <summary>The peer with the longest prefix that covers the address (4 or 16 bytes), or null.</summary>
    public PeerEntry? Find(ReadOnlySpan<byte> address) => Find(address, out _);

    /// <summary>The same, telling how many tables it looked into: at most as many as there are prefix lengths, however many prefixes.</summary>
    internal PeerEntry? Find(ReadOnlySpan<byte> address, out int looks)
    {
        looks = 0;
        InnerKey key = InnerKey.Read(address);
        bool v4 = address.Length == 4;
        if (!v4 && key.IsV4)
        {
            return null;
        }

        foreach (int length in v4 ? lengths4 : lengths)
        {
            looks++;
            if (byLength[length]!.TryGetValue(key.Masked(length), out PeerEntry? peer))
            {
                return peer;
            }
        }

        return null;
    }

    // An IPv6 prefix of v4-mapped addresses is nonsense, and would be taken for an IPv4 one.
    static bool TryKey(IPNetwork prefix, out InnerKey key, out int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        prefix.BaseAddress.TryWriteBytes(bytes, out int written);
        bool v4 = prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        length = prefix.PrefixLength + (v4 ? V4At : 0);
        InnerKey whole = InnerKey.Read(bytes[..written]);
        key = whole.Masked(length);
        return v4 || !whole.IsV4;
    }

    Dictionary<InnerKey, PeerEntry> TableOf(int length)
    {
        if (byLength[length] is { } known)
        {
            return known;
        }

        Dictionary<InnerKey, PeerEntry> fresh = [];
        byLength[length] = fresh;
        ListLengths();
        return fresh;
    }

    void ListLengths()
    {
        List<int> all = [];
        for (int length = Bits; length >= 0; length--)
        {
            if (byLength[length] is not null)
            {
                all.Add(length);
            }
        }

        lengths = [.. all];
        lengths4 = [.. all.FindAll(static length => length >= V4At)];
    }
}
