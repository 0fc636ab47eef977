using System;

namespace MeshIoT.WireGuard;

/// <summary>
/// Peers ordered by when they need attention: a binary heap with lazy keys. A peer's key is never later than its deadline, but may be
/// earlier; <see cref="Top"/> puts that right for the peers it meets. So a packet that only postpones timers, which is nearly every
/// packet, costs one comparison and no move.
/// </summary>
internal sealed class DeadlineHeap
{
    WireGuardPeer?[] heap = new WireGuardPeer?[4];
    int count;

    public void Add(WireGuardPeer peer)
    {
        if (count == heap.Length)
        {
            WireGuardPeer?[] longer = new WireGuardPeer?[count * 2];
            Array.Copy(heap, 0, longer, 0, count);
            heap = longer;
        }

        peer.HeapKey = peer.Deadline;
        peer.HeapIndex = count;
        heap[count] = peer;
        count++;
        Rise(peer);
    }

    public void Remove(WireGuardPeer peer)
    {
        count--;
        WireGuardPeer last = heap[count]!;
        heap[count] = null;
        if (last != peer)
        {
            Place(last, peer.HeapIndex);
            Rise(last);
            Sink(last);
        }
    }

    /// <summary>To be called when a peer's deadline may have come nearer.</summary>
    public void Lower(WireGuardPeer peer)
    {
        long deadline = peer.Deadline;
        if (deadline < peer.HeapKey)
        {
            peer.HeapKey = deadline;
            Rise(peer);
        }
    }

    /// <summary>The peer with the earliest deadline, its key exact; null when there are no peers.</summary>
    public WireGuardPeer? Top()
    {
        if (count == 0)
        {
            return null;
        }

        while (true)
        {
            WireGuardPeer top = heap[0]!;
            long deadline = top.Deadline;
            if (deadline <= top.HeapKey)
            {
                top.HeapKey = deadline;
                return top;
            }

            top.HeapKey = deadline;
            Sink(top);
        }
    }

    void Rise(WireGuardPeer peer)
    {
        while (peer.HeapIndex > 0)
        {
            int at = peer.HeapIndex;
            WireGuardPeer parent = heap[(at - 1) / 2]!;
            if (parent.HeapKey <= peer.HeapKey)
            {
                return;
            }

            Place(peer, parent.HeapIndex);
            Place(parent, at);
        }
    }

    void Sink(WireGuardPeer peer)
    {
        while ((peer.HeapIndex * 2) + 1 < count)
        {
            int at = peer.HeapIndex, child = (at * 2) + 1;
            if (child + 1 < count && heap[child + 1]!.HeapKey < heap[child]!.HeapKey)
            {
                child++;
            }

            WireGuardPeer smaller = heap[child]!;
            if (peer.HeapKey <= smaller.HeapKey)
            {
                return;
            }

            Place(peer, child);
            Place(smaller, at);
        }
    }

    void Place(WireGuardPeer peer, int index)
    {
        heap[index] = peer;
        peer.HeapIndex = index;
    }
}
