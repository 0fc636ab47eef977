using System;
using System.Threading;

namespace MeshIoT.Filter;

/// <summary>
/// The last 512 UDP and SCTP conversations this node began or continued, so that their answers pass. Hand the same table to the filter
/// that replaces another: a new policy does not cut running conversations. Safe from several threads; never allocates after creation.
/// </summary>
public sealed class FlowTable
{
    /// <summary>Conversations remembered; the one that was silent longest makes room. data-plane.md section 7.2.</summary>
    public const int Capacity = 512;

    const int Buckets = 1024, None = -1;

    // A chain per bucket, and all entries in one ring-like list from most to least recently used.
    readonly Lock gate = new();
    readonly FlowKey[] keys = new FlowKey[Capacity];
    readonly int[] bucketHead = new int[Buckets];
    readonly int[] chainNext = new int[Capacity], newer = new int[Capacity], older = new int[Capacity];
    int newest = None, oldest = None, count;

    /// <summary>An empty table.</summary>
    public FlowTable()
    {
        Array.Fill(bucketHead, None);
    }

    /// <summary>Conversations in the table now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return count;
            }
        }
    }

    internal void Touch(in FlowKey key)
    {
        lock (gate)
        {
            int slot = Find(key);
            if (slot == None)
            {
                slot = count < Capacity ? count++ : EvictOldest();
                int bucket = BucketOf(key);
                keys[slot] = key;
                chainNext[slot] = bucketHead[bucket];
                bucketHead[bucket] = slot;
            }
            else
            {
                Unlink(slot);
            }

            LinkNewest(slot);
        }
    }

    internal bool TryRefresh(in FlowKey key)
    {
        lock (gate)
        {
            int slot = Find(key);
            if (slot == None)
            {
                return false;
            }

            Unlink(slot);
            LinkNewest(slot);
            return true;
        }
    }

    static int BucketOf(in FlowKey key) => key.GetHashCode() & (Buckets - 1);

    int Find(in FlowKey key)
    {
        int slot = bucketHead[BucketOf(key)];
        while (slot != None && !keys[slot].Equals(key))
        {
            slot = chainNext[slot];
        }

        return slot;
    }

    int EvictOldest()
    {
        int slot = oldest, bucket = BucketOf(keys[slot]);
        Unlink(slot);
        if (bucketHead[bucket] == slot)
        {
            bucketHead[bucket] = chainNext[slot];
            return slot;
        }

        int before = bucketHead[bucket];
        while (chainNext[before] != slot)
        {
            before = chainNext[before];
        }

        chainNext[before] = chainNext[slot];
        return slot;
    }

    void Unlink(int slot)
    {
        int n = newer[slot], o = older[slot];
        if (n == None)
        {
            newest = o;
        }
        else
        {
            older[n] = o;
        }

        if (o == None)
        {
            oldest = n;
        }
        else
        {
            newer[o] = n;
        }
    }

    void LinkNewest(int slot)
    {
        newer[slot] = None;
        older[slot] = newest;
        if (newest != None)
        {
            newer[newest] = slot;
        }

        newest = slot;
        if (oldest == None)
        {
            oldest = slot;
        }
    }
}
