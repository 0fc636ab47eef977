namespace MeshIoT.Linux;

/// <summary>
/// The clock of the packet path: CLOCK_BOOTTIME, which never goes back and counts time spent suspended,
/// so that a key is as old as it really is after a long sleep. clock_gettime(2).
/// </summary>
public static unsafe class BootClock
{
    /// <summary>Milliseconds since the machine started, suspend included.</summary>
    public static long NowMs => Read(Libc.CLOCK_BOOTTIME);

    /// <summary>How long the machine has been suspended since it started, in milliseconds; grows with each sleep. Exact to a millisecond or two.</summary>
    public static long SuspendedMs => Read(Libc.CLOCK_BOOTTIME) - Read(Libc.CLOCK_MONOTONIC);

    static long Read(int clock)
    {
        TimeSpec time = default;
        _ = Libc.ClockGetTime(clock, &time);
        return ((long)time.Seconds * 1000) + ((long)time.Nanoseconds / 1_000_000);
    }
}
