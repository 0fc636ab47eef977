using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// Receiver indexes of this device. Open addressing with linear probing, at most half full; indexes are our own random numbers, so
/// nobody outside can make them collide. Bounded by four entries per peer.
/// </summary>
internal sealed class IndexTable
{
    readonly RandomSource random;
    readonly byte[] draw = new byte[4];
    IndexOwner?[] slots = new IndexOwner?[16];
    int count;

    public IndexTable(RandomSource random) => this.random = random;

    public int Count => count;

    public IndexOwner? Lookup(uint index) => slots[SlotOf(index)];

    /// <summary>A random index that is not in use; it stays free until <see cref="Put"/>.</summary>
    public uint NewIndex()
    {
        random.Fill(draw, 0, 4);
        uint index = LittleEndian.ReadUInt32(draw, 0);
        while (Lookup(index) != null)
        {
            index++;
        }

        return index;
    }

    /// <summary>Lists an owner under its index, in place of the one that had it.</summary>
    public void Put(IndexOwner owner)
    {
        int slot = SlotOf(owner.LocalIndex);
        if (slots[slot] == null)
        {
            count++;
        }

        slots[slot] = owner;
        if (count * 2 > slots.Length)
        {
            Grow();
        }
    }

    /// <summary>Takes an owner off the list; nothing happens when its index has gone to another.</summary>
    public void Remove(IndexOwner owner)
    {
        int hole = SlotOf(owner.LocalIndex);
        if (slots[hole] != owner)
        {
            return;
        }

        // Close the gap: later entries of the same run move up unless that would put them before their home slot.
        count--;
        slots[hole] = null;
        int mask = slots.Length - 1;
        for (int at = (hole + 1) & mask; slots[at] != null; at = (at + 1) & mask)
        {
            int home = (int)(slots[at]!.LocalIndex & (uint)mask);
            if (((at - home) & mask) >= ((at - hole) & mask))
            {
                slots[hole] = slots[at];
                slots[at] = null;
                hole = at;
            }
        }
    }

    int SlotOf(uint index)
    {
        int mask = slots.Length - 1;
        int at = (int)(index & (uint)mask);
        while (slots[at] != null && slots[at]!.LocalIndex != index)
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    void Grow()
    {
        IndexOwner?[] old = slots;
        slots = new IndexOwner?[old.Length * 2];
        for (int i = 0; i < old.Length; i++)
        {
            IndexOwner? owner = old[i];
            if (owner != null)
            {
                slots[SlotOf(owner.LocalIndex)] = owner;
            }
        }
    }
}
