using System;
using System.Buffers;
using System.Collections.Generic;

namespace MeshIoT.Relay;

/// <summary>Frames that wait for a client that cannot take them now. Bounded in number and bytes; what is too much drops from the head: fresh packets are worth more.</summary>
internal sealed class PacketQueue(int maxPackets, int maxBytes, QueueBudget budget)
{
    const int ShortShare = 16;

    readonly Queue<(byte[] Bytes, int Length)> frames = new();

    public int Count => frames.Count;

    /// <summary>Bytes that wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>Keeps a copy of a frame in two parts; returns how many were dropped for it.</summary>
    public int Enqueue(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        int length = head.Length + rest.Length, dropped = 0;
        if (length > maxBytes)
        {
            return 1;
        }

        int packets = budget.IsShort ? Math.Max(1, maxPackets / ShortShare) : maxPackets;
        while (frames.Count >= packets || Bytes + length > maxBytes)
        {
            Drop();
            dropped++;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        head.CopyTo(bytes);
        rest.CopyTo(bytes.AsSpan(head.Length));
        frames.Enqueue((bytes, length));
        Bytes += length;
        budget.Add(length);
        return dropped;
    }

    /// <summary>The length of the oldest frame; 0 when there is none.</summary>
    public int NextLength => frames.TryPeek(out var next) ? next.Length : 0;

    /// <summary>Takes the oldest frame out into <paramref name="output"/>.</summary>
    public int Take(Span<byte> output)
    {
        (byte[] bytes, int length) = frames.Peek();
        bytes.AsSpan(0, length).CopyTo(output);
        Drop();
        return length;
    }

    public void Clear()
    {
        while (frames.Count > 0)
        {
            Drop();
        }
    }

    void Drop()
    {
        (byte[] bytes, int length) = frames.Dequeue();
        Bytes -= length;
        budget.Add(-length);
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
