using System;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Linux;

/// <summary>
/// Waits until one of a few descriptors can be read, time runs out, or another thread calls <see cref="Wake"/>.
/// One thread waits; any thread may wake. poll(2), eventfd(2). Nothing is allocated per wait.
/// </summary>
public sealed unsafe class Poller : IDisposable
{
    readonly Descriptor wake;
    readonly PollEntry[] entries;
    int wakePending;

    /// <summary>Watches <paramref name="descriptors"/>; they stay owned by the caller and must outlive this object.</summary>
    public Poller(params int[] descriptors)
    {
        int number = Libc.EventFd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (number < 0)
        {
            throw Faults.DescriptorUnavailable.With(Errno.Text(Errno.Last)).ToException();
        }

        wake = new Descriptor(number);
        entries = GC.AllocateArray<PollEntry>(descriptors.Length + 1, pinned: true);
        for (int i = 0; i < descriptors.Length; i++)
        {
            entries[i] = new PollEntry { Descriptor = descriptors[i], Events = Libc.POLLIN };
        }

        entries[^1] = new PollEntry { Descriptor = number, Events = Libc.POLLIN };
    }

    /// <summary>
    /// Returns how many of the descriptors are ready (0: time ran out, a signal came, or <see cref="Wake"/> was called).
    /// Zero or less only looks, so that a wake time that has passed never means waiting for ever; more than an hour is an hour.
    /// </summary>
    public int Wait(long timeoutMs)
    {
        int timeout = (int)Math.Clamp(timeoutMs, 0, 3_600_000);
        int ready;
        fixed (PollEntry* first = entries)
        {
            ready = Libc.Poll(first, (nuint)entries.Length, timeout);
        }

        if (ready <= 0)
        {
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i].Returned = 0;
            }

            return 0;
        }

        if (entries[^1].Returned != 0)
        {
            // Order matters: the count is drained before the flag is lowered. A wake in between finds the flag up and writes
            // nothing, and needs not to: what it was for was posted before it, and the caller looks after this returns (the
            // exchange is a full fence). The other way round the flag could stay up over an empty count, and no wake would
            // ever be heard again.
            ulong count;
            _ = Libc.Read(wake, (byte*)&count, sizeof(ulong));
            Interlocked.Exchange(ref wakePending, 0);
            ready--;
        }

        return ready;
    }

    /// <summary>
    /// Whether the descriptor at <paramref name="index"/> of the constructor's list was ready in the last <see cref="Wait"/>.
    /// An error or hang-up counts: the next read tells which.
    /// </summary>
    public bool IsReady(int index) => entries[index].Returned != 0;

    /// <summary>Ends the current or the next <see cref="Wait"/> at once. Safe on any thread; repeated calls cost nothing.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref wakePending, 1) == 0 && !wake.IsClosed)
        {
            ulong one = 1;
            _ = Libc.Write(wake, (byte*)&one, sizeof(ulong));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();
}
