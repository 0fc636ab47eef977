using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>The device's peers, by position and by public key. Open addressing with a seeded hash, at most half full.</summary>
internal sealed class PeerTable
{
    readonly byte[] seed = new byte[8];
    WireGuardPeer?[] list = new WireGuardPeer?[4];
    WireGuardPeer?[] slots = new WireGuardPeer?[16];

    public PeerTable(RandomSource random) => random.Fill(seed, 0, seed.Length);

    public int Count { get; private set; }

    public WireGuardPeer At(int index)
    {
        if (index < 0 || index >= Count)
        {
            throw new ArgumentException("no peer has this position");
        }

        return list[index]!;
    }

    public WireGuardPeer? Find(byte[] publicKey) => slots[SlotOf(publicKey)];

    public void Add(WireGuardPeer peer)
    {
        if (Count == list.Length)
        {
            WireGuardPeer?[] longer = new WireGuardPeer?[Count * 2];
            Array.Copy(list, 0, longer, 0, Count);
            list = longer;
        }

        peer.ListIndex = Count;
        list[Count] = peer;
        Count++;
        if (Count * 2 > slots.Length)
        {
            slots = new WireGuardPeer?[slots.Length * 2];
            FillSlots();
        }
        else
        {
            slots[SlotOf(peer.Key)] = peer;
        }
    }

    /// <summary>Takes a peer out; the last one moves to its position.</summary>
    public void Remove(WireGuardPeer peer)
    {
        Count--;
        WireGuardPeer last = list[Count]!;
        list[peer.ListIndex] = last;
        last.ListIndex = peer.ListIndex;
        list[Count] = null;

        // Close the gap: later entries of the same run move up unless that would put them before their home slot.
        int mask = slots.Length - 1, hole = SlotOf(peer.Key);
        slots[hole] = null;
        for (int at = (hole + 1) & mask; slots[at] != null; at = (at + 1) & mask)
        {
            int home = (int)(Hash(slots[at]!.Key) & (uint)mask);
            if (((at - home) & mask) >= ((at - hole) & mask))
            {
                slots[hole] = slots[at];
                slots[at] = null;
                hole = at;
            }
        }
    }

    void FillSlots()
    {
        for (int i = 0; i < Count; i++)
        {
            slots[SlotOf(list[i]!.Key)] = list[i];
        }
    }

    int SlotOf(byte[] key)
    {
        int mask = slots.Length - 1;
        int at = (int)(Hash(key) & (uint)mask);
        while (slots[at] != null && !SameKey(slots[at]!.Key, key))
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    uint Hash(byte[] key)
    {
        ulong hash = LittleEndian.ReadUInt64(seed, 0);
        for (int i = 0; i < ProtocolLimits.KeySize; i += 8)
        {
            hash = (hash ^ LittleEndian.ReadUInt64(key, i)) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 32;
        }

        return (uint)(hash >> 20);
    }

    /// <summary>Public keys are no secret: an early exit tells nothing.</summary>
    static bool SameKey(byte[] a, byte[] b)
    {
        int i = 0;
        while (i < ProtocolLimits.KeySize && a[i] == b[i])
        {
            i++;
        }

        return i == ProtocolLimits.KeySize;
    }
}
