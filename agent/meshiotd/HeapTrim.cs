using System;
using System.Threading;
using MeshIoT.Linux;

namespace MeshIoT.Agent;

/// <summary>
/// Gives back what the start and each large netmap needed while they came: the collector keeps such room, and the kernel the pages of code that ran
/// once, for a next time that, on a gateway, does not come for days.
/// Looks only when the node has changed, works at most once a minute, and sets no timer while the heap is as small as it was.
/// </summary>
internal sealed class HeapTrim : IDisposable
{
    const long WorthBytes = 1 << 20;
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMinutes(1);

    readonly TimeProvider clock;
    readonly Func<long> used;
    readonly Action collect;
    readonly ITimer timer;
    readonly Lock gate = new();
    long small, doneAt;
    bool waiting;

    /// <summary>
    /// Does nothing until <see cref="Look"/> is called. Tests bring a heap of their own: <paramref name="used"/> bytes, and what
    /// <paramref name="collect"/> makes of it.
    /// </summary>
    public HeapTrim(TimeProvider clock, Func<long>? used = null, Action? collect = null)
    {
        this.clock = clock;
        this.used = used ?? (static () => GC.GetTotalMemory(forceFullCollection: false));
        this.collect = collect ?? Collect;
        timer = clock.CreateTimer(static trim => ((HeapTrim)trim!).Trim(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        doneAt = long.MinValue;
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    /// <summary>The node has begun, or changed. Any thread.</summary>
    public void Look()
    {
        lock (gate)
        {
            if (!waiting && used() - small >= WorthBytes)
            {
                waiting = true;
                TimeSpan left = doneAt == long.MinValue ? Settle : Pause - clock.GetElapsedTime(doneAt);
                timer.Change(left > Settle ? left : Settle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    void Trim()
    {
        long before = used();
        collect();
        lock (gate)
        {
            doneAt = clock.GetTimestamp();
            small = used();

            // Where there was much, more may be free once what used it has ended: again, until there is little.
            waiting = before - small >= WorthBytes;
            if (waiting)
            {
                timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    // Twice: what unpacked the netmap holds on to its buffers until its finalizers have run.
    static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ResidentPages.Release();
    }
}
