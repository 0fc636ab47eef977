using System;

namespace MeshIoT.WireGuard;

/// <summary>
/// Which peer an inner address belongs to: the routing table for sending and the access list for receiving. Longest prefix wins; a
/// prefix belongs to one peer only. WireGuard paper, section 2. One path-compressed binary trie per address family.
/// </summary>
public sealed class AllowedIPs
{
    readonly uint[] words = new uint[4];
    AllowedIPsNode? root4;
    AllowedIPsNode? root6;

    internal AllowedIPs()
    {
    }

    /// <summary>Gives a prefix to a peer, taking it from the peer that had exactly this one. Bits after the prefix are ignored. The address has 4 or 16 bytes.</summary>
    public void Insert(byte[] address4or16, int prefixLength, WireGuardPeer peer)
    {
        bool ipv6 = address4or16 != null && address4or16.Length == 16;
        if (address4or16 == null || peer == null || (!ipv6 && address4or16.Length != 4) || prefixLength < 0 || prefixLength > address4or16.Length * 8)
        {
            throw new ArgumentException("an allowed IP is an address of 4 or 16 bytes, a prefix length within it, and a peer");
        }

        if (peer.IsRemoved)
        {
            throw new ArgumentException("the peer was removed");
        }

        Read(address4or16, 0, ipv6);
        if (ipv6)
        {
            root6 = Insert(root6, new AllowedIPsNode(words, prefixLength, peer));
        }
        else
        {
            root4 = Insert(root4, new AllowedIPsNode(words, prefixLength, peer));
        }
    }

    /// <summary>The peer with the longest prefix that covers the address at <paramref name="addressOffset"/> (4 or 16 bytes), or null.</summary>
    public WireGuardPeer? Lookup(byte[] packet, int addressOffset, bool ipv6)
    {
        Bounds.Check(packet, addressOffset, ipv6 ? 16 : 4);
        Read(packet, addressOffset, ipv6);
        WireGuardPeer? best = null;
        AllowedIPsNode? node = RootOf(ipv6);
        while (node != null && node.Covers(words))
        {
            best = node.Peer ?? best;
            node = node.Length == (ipv6 ? 128 : 32) ? null : node.ChildFor(words);
        }

        return best;
    }

    /// <summary>Takes all prefixes from a peer.</summary>
    public void RemoveByPeer(WireGuardPeer peer)
    {
        root4 = Without(root4, peer);
        root6 = Without(root6, peer);
    }

    /// <summary>Where a lookup begins; null: there are no prefixes.</summary>
    internal AllowedIPsNode? RootOf(bool ipv6) => ipv6 ? root6 : root4;

    void Read(byte[] bytes, int offset, bool ipv6)
    {
        words[0] = BigEndian.ReadUInt32(bytes, offset);
        words[1] = ipv6 ? BigEndian.ReadUInt32(bytes, offset + 4) : 0;
        words[2] = ipv6 ? BigEndian.ReadUInt32(bytes, offset + 8) : 0;
        words[3] = ipv6 ? BigEndian.ReadUInt32(bytes, offset + 12) : 0;
    }

    static AllowedIPsNode Insert(AllowedIPsNode? root, AllowedIPsNode fresh)
    {
        AllowedIPsNode? parent = null;
        AllowedIPsNode? node = root;
        while (node != null && node.Length <= fresh.Length && node.Covers(fresh.Words))
        {
            if (node.Length == fresh.Length)
            {
                node.Peer = fresh.Peer;
                return root!;
            }

            parent = node;
            node = node.ChildFor(fresh.Words);
        }

        AllowedIPsNode placed = fresh;
        if (node != null)
        {
            int common = AllowedIPsNode.CommonLength(node, fresh);
            if (common < fresh.Length)
            {
                placed = new AllowedIPsNode(fresh.Words, common, null);
                placed.SetChildFor(fresh);
            }

            placed.SetChildFor(node);
        }

        if (parent == null)
        {
            return placed;
        }

        parent.SetChildFor(placed);
        return root!;
    }

    /// <summary>The subtree without a peer's prefixes and without nodes that no longer branch. At most 129 deep.</summary>
    static AllowedIPsNode? Without(AllowedIPsNode? node, WireGuardPeer peer)
    {
        if (node == null)
        {
            return null;
        }

        node.Zero = Without(node.Zero, peer);
        node.One = Without(node.One, peer);
        if (node.Peer == peer)
        {
            node.Peer = null;
        }

        if (node.Peer != null || (node.Zero != null && node.One != null))
        {
            return node;
        }

        return node.Zero ?? node.One;
    }
}
