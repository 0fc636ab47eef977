using System;
using System.Threading;
using MeshIoT.Node;

namespace MeshIoT.Agent;

/// <summary>
/// Gives back what a large netmap needed while it came: the collector keeps such room for a next time that, on a gateway, does not come for days.
/// Looks only when the node has changed, works at most once a minute, and sets no timer while the heap is as small as it was.
/// </summary>
internal sealed class HeapTrim : IDisposable
{
    const long WorthBytes = 4 << 20;
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMinutes(1);

    readonly TailnetNode node;
    readonly TimeProvider clock;
    readonly ITimer timer;
    readonly Lock gate = new();
    long small, doneAt;
    bool waiting;

    public HeapTrim(TailnetNode node, TimeProvider clock)
    {
        this.node = node;
        this.clock = clock;
        timer = clock.CreateTimer(static trim => ((HeapTrim)trim!).Trim(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        doneAt = long.MinValue;
        node.StatusChanged += Look;
        Look();
    }

    public void Dispose()
    {
        node.StatusChanged -= Look;
        timer.Dispose();
    }

    void Look()
    {
        lock (gate)
        {
            if (!waiting && GC.GetTotalMemory(forceFullCollection: false) - small >= WorthBytes)
            {
                waiting = true;
                TimeSpan left = doneAt == long.MinValue ? Settle : Pause - clock.GetElapsedTime(doneAt);
                timer.Change(left > Settle ? left : Settle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    void Trim()
    {
        long before = GC.GetTotalMemory(forceFullCollection: false);

        // Twice: what unpacked the netmap holds on to its buffers until its finalizers have run.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        lock (gate)
        {
            doneAt = clock.GetTimestamp();
            small = GC.GetTotalMemory(forceFullCollection: false);

            // Where there was much, more may be free once what used it has ended: again, until there is little.
            waiting = before - small >= WorthBytes;
            if (waiting)
            {
                timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
