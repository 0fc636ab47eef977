using System;

namespace MeshIoT.NetStack;

/// <summary>
/// A byte queue in a ring that grows by doubling up to its limit. Bytes may be placed beyond its end before
/// the gap in front of them is filled, which is how TCP keeps data that came out of order:
/// <code>
///   head          head+used                          head+limit
///    |  in order   |   gap   |  placed  |   free      |
/// </code>
/// </summary>
internal sealed class ByteRing
{
    const int FirstSize = 2048;
    readonly MemoryBudget budget;
    byte[]? store;
    int head, used, limit;

    public ByteRing(int limit, MemoryBudget budget)
    {
        this.limit = limit;
        this.budget = budget;
    }

    public int Used
    {
        get { return used; }
    }

    public int Room
    {
        get { return limit - used; }
    }

    public int Limit
    {
        get { return limit; }
    }

    /// <summary>
    /// Copies bytes to <paramref name="at"/> bytes behind the end without making them part of the queue, and returns how many.
    /// Fewer than asked: memory is short, and the limit is now what there is.
    /// </summary>
    public int Place(int at, byte[] data, int offset, int length)
    {
        if (!Ensure(used + at + length))
        {
            limit = store == null ? 0 : store.Length;
            length = Math.Min(length, Room - at);
        }

        if (length <= 0)
        {
            return 0;
        }

        int size = store!.Length, to = head + used + at;
        if (to >= size)
        {
            to -= size;
        }

        int first = Math.Min(length, size - to);
        Array.Copy(data, offset, store, to, first);
        Array.Copy(data, offset + first, store, 0, length - first);
        return length;
    }

    /// <summary>Bytes placed earlier become part of the queue.</summary>
    public void Extend(int count)
    {
        used += count;
    }

    /// <summary>Copies from the queue, <paramref name="at"/> bytes from its head, and leaves it as it is.</summary>
    public void Peek(int at, byte[] output, int offset, int length)
    {
        if (length == 0)
        {
            return;
        }

        int size = store!.Length, from = head + at;
        if (from >= size)
        {
            from -= size;
        }

        int first = Math.Min(length, size - from);
        Array.Copy(store, from, output, offset, first);
        Array.Copy(store, 0, output, offset + first, length - first);
    }

    public void Discard(int count)
    {
        used -= count;
        head += count;
        if (store != null && head >= store.Length)
        {
            head -= store.Length;
        }
    }

    /// <summary>Gives the memory back; the queue is empty and takes nothing any more.</summary>
    public void Free()
    {
        if (store != null)
        {
            budget.Return(store.Length);
            store = null;
        }

        head = used = limit = 0;
    }

    /// <summary>Grows, if need be and memory allows, until this many bytes fit; by as much as it may if not so far.</summary>
    public bool Ensure(int extent)
    {
        int size = store == null ? 0 : store.Length;
        if (extent <= size || extent > limit)
        {
            return extent <= size;
        }

        int wanted = Math.Max(FirstSize, size);
        while (wanted < extent)
        {
            wanted *= 2;
        }

        wanted = Math.Min(wanted, limit);
        while (!budget.TryTake(wanted - size))
        {
            wanted = size + ((wanted - size) / 2);
            if (wanted - size < FirstSize / 2)
            {
                return false;
            }
        }

        Move(new byte[wanted], size);
        return extent <= wanted;
    }

    void Move(byte[] larger, int size)
    {
        if (store != null)
        {
            Array.Copy(store, head, larger, 0, size - head);
            Array.Copy(store, 0, larger, size - head, head);
        }

        store = larger;
        head = 0;
    }
}
