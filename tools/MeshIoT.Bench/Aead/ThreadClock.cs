using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Bench;

/// <summary>The processor time of the calling thread, CLOCK_THREAD_CPUTIME_ID: what other processes do to the wall clock is not in it.</summary>
static unsafe partial class ThreadClock
{
    const int CpuTimeOfThread = 3;

    /// <summary>Nanoseconds of processor time.</summary>
    public static long Nanoseconds
    {
        get
        {
            long* time = stackalloc long[2];
            if (ClockGetTime(CpuTimeOfThread, time) != 0)
            {
                throw new InvalidOperationException("the kernel has no clock for this thread");
            }

            return (time[0] * 1_000_000_000) + time[1];
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, long* time);
}
