using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// Gathers what is written while the one write before is under way, so that a busy connection costs one system call for many packets. At most one
/// buffer waits; whoever comes then waits for it. An idle connection holds no buffer.
/// </summary>
/// <param name="stream">Where it goes.</param>
/// <param name="now">The monotonic clock, milliseconds.</param>
/// <param name="written">Told how many answers have left, after each write.</param>
internal sealed class OutBuffer(Stream stream, Func<long> now, Action<int> written) : IThreadPoolWorkItem
{
    /// <summary>Bytes that may wait behind the write under way; a larger packet waits alone.</summary>
    const int Room = 16 * 1024;

    readonly Lock gate = new();
    byte[]? waiting;
    int filled, answers;
    bool isWriting;
    Exception? broken;
    TaskCompletionSource? change;
    long since = long.MaxValue;

    /// <summary>When the write under way began, monotonic milliseconds; <see cref="long.MaxValue"/> when there is none.</summary>
    public long WritingSince => Volatile.Read(ref since);

    /// <summary>Takes a packet; returns once it is in the buffer. Throws what broke the stream.</summary>
    public Task WriteAsync(ReadOnlySpan<byte> head, ReadOnlySequence<byte> payload, bool isAnswer)
    {
        lock (gate)
        {
            if (TryAdd(head, payload, isAnswer))
            {
                return Task.CompletedTask;
            }
        }

        return WaitAndWriteAsync(head.ToArray(), payload, isAnswer);
    }

    /// <summary>Returns when all has left or the stream is broken.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (!isWriting || broken is not null)
                {
                    return;
                }

                wait = (change ??= NewChange()).Task;
            }

            await wait.WaitAsync(ct);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    async Task WaitAndWriteAsync(byte[] head, ReadOnlySequence<byte> payload, bool isAnswer)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (TryAdd(head, payload, isAnswer))
                {
                    return;
                }

                wait = (change ??= NewChange()).Task;
            }

            await wait;
        }
    }

    bool TryAdd(ReadOnlySpan<byte> head, ReadOnlySequence<byte> payload, bool isAnswer)
    {
        if (broken is { } reason)
        {
            throw new IOException("the connection is gone", reason);
        }

        int size = head.Length + (int)payload.Length;
        if (filled > 0 && filled + size > Room)
        {
            return false;
        }

        if (waiting is null || waiting.Length - filled < size)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(filled + size, filled > 0 ? Room : 512));
            if (waiting is not null)
            {
                waiting.AsSpan(0, filled).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(waiting);
            }

            waiting = larger;
        }

        head.CopyTo(waiting.AsSpan(filled));
        payload.CopyTo(waiting.AsSpan(filled + head.Length));
        filled += size;
        answers += isAnswer ? 1 : 0;
        if (!isWriting)
        {
            isWriting = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    async Task RunAsync()
    {
        while (true)
        {
            byte[] buffer;
            int count, leaving;
            lock (gate)
            {
                Signal();
                if (filled == 0)
                {
                    isWriting = false;
                    return;
                }

                (buffer, count, leaving) = (waiting!, filled, answers);
                (waiting, filled, answers) = (null, 0, 0);
                Volatile.Write(ref since, now());
            }

            try
            {
                await stream.WriteAsync(buffer.AsMemory(0, count));
            }
            catch (Exception e)
            {
                lock (gate)
                {
                    broken = e;
                    Volatile.Write(ref since, long.MaxValue);
                    Signal();
                }

                written(leaving);
                return;
            }

            ArrayPool<byte>.Shared.Return(buffer);
            Volatile.Write(ref since, long.MaxValue);
            written(leaving);
        }
    }

    void Signal()
    {
        change?.TrySetResult();
        change = null;
    }

    static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
