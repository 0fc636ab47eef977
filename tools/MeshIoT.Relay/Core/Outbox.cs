using System;
using System.Buffers;

namespace MeshIoT.Relay;

/// <summary>
/// What is on its way to one client. While the client takes what it is given, frames are put one behind the other into a buffer and leave
/// in full TLS records; the rest of the buffer leaves when the round is over. Once the client takes no more, frames wait in bounded queues.
/// The owner's lock is held around every call. An idle client's outbox holds no buffer.
/// </summary>
internal sealed class Outbox(Channel channel, RelayLimits limits, QueueBudget budget)
{
    // What fits a TLS record, and a buffer for the one that is filling while the last frame runs over.
    const int Record = 16 * 1024, Capacity = 32 * 1024;

    byte[]? buffer;
    int start, end;
    PacketQueue? control, disco, other;

    /// <summary>The client takes no more for now; the socket will tell.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>The connection is over.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Something is left to write.</summary>
    public bool HasWork => end > start || Waiting > 0;

    /// <summary>Bytes written so far; counts progress.</summary>
    public long Written { get; private set; }

    int Waiting => (control?.Count ?? 0) + (disco?.Count ?? 0) + (other?.Count ?? 0);

    /// <summary>Puts a frame in line, given in two parts; returns how many frames were dropped for it or instead of it.</summary>
    public int Put(Lane lane, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, long nowMs)
    {
        int size = head.Length + rest.Length;
        if (IsEnded)
        {
            return 1;
        }

        if (IsBlocked || !Reserve(size))
        {
            return IsEnded ? 1 : QueueOf(lane).Enqueue(head, rest, nowMs);
        }

        head.CopyTo(buffer.AsSpan(end));
        rest.CopyTo(buffer.AsSpan(end + head.Length));
        end += size;
        if (end - start >= Record)
        {
            WriteRecords(leastBytes: Record);
        }

        return 0;
    }

    /// <summary>Puts bytes in line that are not a frame: an HTTP answer. Only while nothing is blocked.</summary>
    public void PutRaw(ReadOnlySpan<byte> bytes)
    {
        if (!IsEnded && Reserve(bytes.Length))
        {
            bytes.CopyTo(buffer.AsSpan(end));
            end += bytes.Length;
        }
        else
        {
            IsEnded = true;
        }
    }

    /// <summary>Writes until all is gone or the client takes no more.</summary>
    public void Write()
    {
        IsBlocked = false;
        do
        {
            WriteRecords(leastBytes: 1);
        }
        while (!IsBlocked && !IsEnded && Refill());

        if (end == start)
        {
            Release();
        }
    }

    /// <summary>Gives everything back.</summary>
    public void End()
    {
        IsEnded = true;
        Release();
        control?.Clear();
        disco?.Clear();
        other?.Clear();
    }

    void WriteRecords(int leastBytes)
    {
        while (end - start >= leastBytes && !IsEnded)
        {
            int sent = channel.Write(buffer.AsSpan(start, Math.Min(end - start, Record)));
            if (sent > 0)
            {
                start += sent;
                Written += sent;
                continue;
            }

            IsEnded = sent == ChannelResult.Ended;
            IsBlocked = !IsEnded;
            return;
        }

        if (start == end)
        {
            start = end = 0;
        }
    }

    // Room for so many bytes in the buffer; false when the client must take something first.
    bool Reserve(int size)
    {
        if (buffer is null)
        {
            buffer = ArrayPool<byte>.Shared.Rent(Math.Max(Capacity, size));
            start = end = 0;
        }

        if (end + size <= buffer.Length)
        {
            return true;
        }

        WriteRecords(leastBytes: 1);
        if (IsBlocked || IsEnded)
        {
            return false;
        }

        if (size > buffer.Length)
        {
            Release();
            buffer = ArrayPool<byte>.Shared.Rent(size);
        }

        return true;
    }

    // The queues' oldest frames into the empty buffer; what the relay says goes first, then discovery.
    bool Refill()
    {
        while (NextQueue() is { } queue)
        {
            int size = queue.NextLength;
            if (end > 0 && end + size > Capacity)
            {
                break;
            }

            if (!Reserve(size))
            {
                break;
            }

            end += queue.Take(buffer.AsSpan(end));
        }

        return end > start;
    }

    PacketQueue? NextQueue() => control is { Count: > 0 } ? control : disco is { Count: > 0 } ? disco : other is { Count: > 0 } ? other : null;

    PacketQueue QueueOf(Lane lane) => lane switch
    {
        Lane.Control => control ??= new PacketQueue(limits.ControlQueueFrames, limits.ControlQueueBytes, budget),
        Lane.Disco => disco ??= new PacketQueue(limits.DiscoQueueFrames, limits.DiscoQueueBytes, budget),
        _ => other ??= new PacketQueue(limits.OtherQueueFrames, limits.OtherQueueBytes, budget, limits.OtherQueueBurst),
    };

    void Release()
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }

        start = end = 0;
    }
}
