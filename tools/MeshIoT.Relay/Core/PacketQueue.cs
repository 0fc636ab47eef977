using System;
using System.Buffers;
using System.Collections.Generic;

namespace MeshIoT.Relay;

/// <summary>
/// Frames that wait for a client that cannot take them now. Bounded in number and bytes; what is too much drops from the head: fresh packets are
/// worth more. For <see cref="BurstMs"/> there may be <paramref name="burst"/> times as much: a client that is only late takes all of it, and one
/// that is slow has no more waiting than before.
/// </summary>
internal sealed class PacketQueue(int maxPackets, int maxBytes, QueueBudget budget, int burst = 1)
{
    /// <summary>So long, in milliseconds, is more than usual held.</summary>
    internal const int BurstMs = 100;

    const int ShortShare = 16;

    readonly Queue<(byte[] Bytes, int Length, long AtMs)> frames = new();

    public int Count => frames.Count;

    /// <summary>Bytes that wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>Keeps a copy of a frame in two parts; returns how many were dropped for it.</summary>
    public int Enqueue(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, long nowMs)
    {
        int length = head.Length + rest.Length, dropped = 0;
        if (length > maxBytes)
        {
            return 1;
        }

        bool isShort = budget.IsShort;
        while (frames.Count > 0)
        {
            int times = !isShort && nowMs - frames.Peek().AtMs < BurstMs ? burst : 1;
            if (frames.Count < (isShort ? Math.Max(1, maxPackets / ShortShare) : maxPackets * times) && Bytes + length <= maxBytes * times)
            {
                break;
            }

            Drop();
            dropped++;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        head.CopyTo(bytes);
        rest.CopyTo(bytes.AsSpan(head.Length));
        frames.Enqueue((bytes, length, nowMs));
        Bytes += length;
        budget.Add(length);
        return dropped;
    }

    /// <summary>The length of the oldest frame; 0 when there is none.</summary>
    public int NextLength => frames.TryPeek(out var next) ? next.Length : 0;

    /// <summary>Takes the oldest frame out into <paramref name="output"/>.</summary>
    public int Take(Span<byte> output)
    {
        (byte[] bytes, int length, _) = frames.Peek();
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
        (byte[] bytes, int length, _) = frames.Dequeue();
        Bytes -= length;
        budget.Add(-length);
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
