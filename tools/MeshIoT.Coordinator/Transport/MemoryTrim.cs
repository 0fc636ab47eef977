using System;
using System.Runtime;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Relay;

namespace MeshIoT.Coordinator;

/// <summary>
/// Gives memory back after a rush: when thousands have joined, the heap holds what their joining took, and nothing would make the collector
/// look again while they are quiet. Collects once when a rush is over; a server that is busy, or has been quiet all along, is left alone.
/// </summary>
internal sealed class MemoryTrim(TimeProvider time)
{
    // Quiet: less than 1 MiB allocated in three seconds; a hundred keep-alives a second allocate far less.
    const long QuietBytes = 1024 * 1024, LeastGain = 16 * 1024 * 1024;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    long allocatedAtTrim;

    /// <summary>Watches until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        long before = allocatedAtTrim = GC.GetTotalAllocatedBytes();
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            long now = GC.GetTotalAllocatedBytes();
            bool isQuiet = now - before < QuietBytes;
            before = now;
            if (isQuiet && IsWorthIt(now - allocatedAtTrim))
            {
                // All that is unused goes back to the system; the heap is compacted, 0.1 s for a thousand nodes at most.
                GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                NativeHeap.Trim();
                allocatedAtTrim = GC.GetTotalAllocatedBytes();
            }
        }
    }

    // The larger the heap, the longer a collection takes: a quiet server's own allocations must not bring one every minute.
    static bool IsWorthIt(long allocated) => allocated > Math.Max(LeastGain, GC.GetTotalMemory(forceFullCollection: false) / 2);
}
