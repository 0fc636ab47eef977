using System;
using System.Collections.Concurrent;
using System.Threading;
using MeshIoT.Node.Userspace;
using MeshIoT.Stun;

namespace MeshIoT.Node.Engine;

/// <summary>
/// Where STUN answers wait for the check that asked for them. The engine thread puts them in, a task takes them out. While no check
/// runs nothing is kept; while one runs only what bears its mark, and little of it, so that a flood costs a comparison a datagram.
/// </summary>
internal sealed class StunInbox(TimeProvider clock)
{
    const int MostWaiting = 256, LongestResponse = 512;

    readonly ConcurrentQueue<(byte[] Datagram, TimeSpan At)> arrived = new();
    readonly ConcurrentQueue<StunTransaction> refused = new();
    int waiting;
    long mark = -1;

    /// <summary>Set when there is something to take.</summary>
    public AsyncGate Arrived { get; } = new();

    /// <summary>STUN datagrams that nobody waited for.</summary>
    public long Drops { get; private set; }

    /// <summary>Now, by the clock that arrivals are stamped with.</summary>
    public TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>From now on answers to transactions that begin with these 32 bits are kept.</summary>
    public void Open(uint transactionMark)
    {
        Clear();
        Volatile.Write(ref mark, transactionMark);
    }

    /// <summary>The check is over.</summary>
    public void Close()
    {
        Volatile.Write(ref mark, -1);
        Clear();
    }

    /// <summary>Takes in a STUN datagram. Engine thread.</summary>
    public void Offer(ReadOnlySpan<byte> datagram)
    {
        bool isAnswer = datagram.Length <= LongestResponse && StunDatagram.TransactionOf(datagram).High >> 32 == (ulong)Volatile.Read(ref mark);
        if (!isAnswer || Interlocked.Increment(ref waiting) > MostWaiting)
        {
            if (isAnswer)
            {
                Interlocked.Decrement(ref waiting);
            }

            Drops++;
            return;
        }

        arrived.Enqueue((datagram.ToArray(), Now));
        Arrived.Set();
    }

    /// <summary>The system would not send a request.</summary>
    public void Refused(StunTransaction transaction)
    {
        refused.Enqueue(transaction);
        Arrived.Set();
    }

    /// <summary>The next answer, and when it came.</summary>
    public bool TryTake(out byte[] datagram, out TimeSpan at)
    {
        bool any = arrived.TryDequeue(out (byte[] Datagram, TimeSpan At) entry);
        if (any)
        {
            Interlocked.Decrement(ref waiting);
        }

        (datagram, at) = any ? entry : ([], default);
        return any;
    }

    /// <summary>The next request that was not sent.</summary>
    public bool TryTakeRefused(out StunTransaction transaction) => refused.TryDequeue(out transaction);

    void Clear()
    {
        while (TryTake(out _, out _) || TryTakeRefused(out _))
        {
            // Of a check that is over.
        }
    }
}
