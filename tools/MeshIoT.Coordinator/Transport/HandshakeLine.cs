using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>
/// Who may shake hands now. After a restart everybody comes at once: a few handshakes are worked on at a time, so that the streams of those who
/// are in already keep their share of the processor; the others wait in line, one line per address and each line in its turn, so that one
/// address cannot push the rest back. Who would wait too long is told when to come again, at a time of its own. Any thread.
/// </summary>
internal sealed class HandshakeLine(CoordinatorLimits limits, TimeProvider time)
{
    readonly TokenBucket handshakes = new(limits.HandshakeBurst, limits.HandshakesPerSecond, time);
    readonly Dictionary<IPAddress, Queue<Waiting>> lines = [];
    readonly Queue<IPAddress> turns = new();
    int working, waiting;

    /// <summary>Waits for a turn; dispose it when the work is done. Not granted: there are too many, or <paramref name="gone"/> was set.</summary>
    public async Task<Turn> EnterAsync(IPAddress address, CancellationToken gone)
    {
        Waiting place;
        lock (lines)
        {
            if (!handshakes.TryTake())
            {
                return default;
            }

            if (working < limits.HandshakesAtOnce)
            {
                working++;
                return new Turn(this);
            }

            if (waiting >= limits.MaxWaitingHandshakes)
            {
                return default;
            }

            place = StandInLine(address);
        }

        // Whether time ran out or it left: the place is given up unless the turn has come meanwhile.
        Task granted = place.Task;
        await granted.WaitAsync(limits.HandshakePatience, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return granted.IsCompletedSuccessfully || !place.TrySetCanceled(CancellationToken.None) ? new Turn(this) : default;
    }

    /// <summary>When somebody who was turned away is to come again, in seconds: not all at the same time.</summary>
    public int RetryAfterSeconds() => Random.Shared.Next(limits.RetryAfter.Least, limits.RetryAfter.Most + 1);

    Waiting StandInLine(IPAddress address)
    {
        if (!lines.TryGetValue(address, out Queue<Waiting>? line))
        {
            lines[address] = line = new Queue<Waiting>();
            turns.Enqueue(address);
        }

        Waiting place = new();
        line.Enqueue(place);
        waiting++;
        return place;
    }

    // The next of the next address takes over the place at work, or nobody does.
    void Leave()
    {
        lock (lines)
        {
            while (turns.TryDequeue(out IPAddress? address))
            {
                Queue<Waiting> line = lines[address];
                Waiting next = line.Dequeue();
                waiting--;
                if (line.Count > 0)
                {
                    turns.Enqueue(address);
                }
                else
                {
                    lines.Remove(address);
                }

                if (next.TrySetResult())
                {
                    return;
                }
            }

            working--;
        }
    }

    /// <summary>A turn at work, if it was granted.</summary>
    internal readonly struct Turn(HandshakeLine? line) : IDisposable
    {
        public bool IsGranted => line is not null;

        public void Dispose() => line?.Leave();
    }

    sealed class Waiting() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
}
