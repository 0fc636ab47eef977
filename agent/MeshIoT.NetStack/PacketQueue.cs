using System;

namespace MeshIoT.NetStack;

/// <summary>A bounded queue of finished packets in slots of one MTU; its memory is taken at the first packet.</summary>
internal sealed class PacketQueue
{
    readonly int slots, slotSize;
    readonly int[] lengths;
    byte[]? bytes;
    int head, count;

    public PacketQueue(int slots, int slotSize)
    {
        this.slots = slots;
        this.slotSize = slotSize;
        lengths = new int[slots];
    }

    public int Count
    {
        get { return count; }
    }

    /// <summary>The array that <see cref="Reserve"/> points into.</summary>
    public byte[] Bytes
    {
        get { return bytes!; }
    }

    /// <summary>Where the next packet may be written; -1 if the queue is full.</summary>
    public int Reserve()
    {
        if (count == slots)
        {
            return -1;
        }

        if (bytes == null)
        {
            bytes = new byte[slots * slotSize];
        }

        return (head + count) % slots * slotSize;
    }

    /// <summary>The packet written at the reserved place is complete.</summary>
    public void Commit(int length)
    {
        lengths[(head + count) % slots] = length;
        count++;
    }

    /// <summary>Copies the oldest packet out; 0 if there is none.</summary>
    public int Take(byte[] output, int offset)
    {
        if (count == 0)
        {
            return 0;
        }

        int length = lengths[head];
        Array.Copy(bytes!, head * slotSize, output, offset, length);
        head = (head + 1) % slots;
        count--;
        return length;
    }
}
