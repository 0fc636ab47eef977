using System;

namespace MeshIoT.WireGuard;

/// <summary>Packets of the host that wait for a session: a ring, oldest out first, and out altogether when it is full.</summary>
internal sealed class StagedQueue
{
    readonly int capacity;
    byte[]?[]? ring;
    int head;

    public StagedQueue(int capacity) => this.capacity = capacity;

    public int Count { get; private set; }

    /// <summary>Copies a packet to the end; false when the oldest had to go for it.</summary>
    public bool Add(byte[] packet, int offset, int length)
    {
        byte[]?[] slots = ring ??= new byte[]?[capacity];
        bool fits = Count < capacity;
        if (!fits)
        {
            TakeOldest();
        }

        byte[] copy = new byte[length];
        Array.Copy(packet, offset, copy, 0, length);
        slots[(head + Count) % capacity] = copy;
        Count++;
        return fits;
    }

    /// <summary>The oldest packet, which stays; null when there is none.</summary>
    public byte[]? Oldest => Count == 0 ? null : ring![head];

    public void TakeOldest()
    {
        ring![head] = null;
        head = (head + 1) % capacity;
        Count--;
        if (Count == 0)
        {
            ring = null;
            head = 0;
        }
    }

    /// <summary>Drops all; returns how many there were.</summary>
    public int Flush()
    {
        int dropped = Count;
        ring = null;
        head = 0;
        Count = 0;
        return dropped;
    }
}
