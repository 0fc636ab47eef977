using System;
using MeshIoT.Health;

namespace MeshIoT.Linux.Watch;

/// <summary>
/// Tells when the wall clock was set or the machine has slept, without ever waking up to look: a timer on the wall clock that never runs
/// out, and that the kernel cancels on both occasions. timerfd_create(2), TFD_TIMER_CANCEL_ON_SET.
/// </summary>
sealed unsafe class ClockWatch : IDisposable
{
    // The largest time that every kernel takes, 2^31 s: the year 2038. A timer in the past fires and is set anew, once.
    const long FarSeconds = int.MaxValue;

    // The two clocks are not read in the same instant.
    const long ShortestSleepMs = 1000;

    readonly Descriptor timer;
    readonly Func<long> suspendedMs;
    long known;

    /// <summary>Watches; <paramref name="suspendedMs"/> is <see cref="BootClock.SuspendedMs"/>, or a test's.</summary>
    public ClockWatch(Func<long> suspendedMs)
    {
        this.suspendedMs = suspendedMs;
        known = suspendedMs();
        int number = Libc.TimerFdCreate(Libc.CLOCK_REALTIME, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (number < 0)
        {
            throw Faults.DescriptorUnavailable.With(Errno.Text(Errno.Last)).ToException();
        }

        timer = new Descriptor(number);
        Arm();
    }

    /// <summary>For a <see cref="Poller"/>: readable once something happened.</summary>
    public int FileDescriptor => timer.Number;

    /// <summary>The descriptor is readable: something happened. Watches on.</summary>
    public void Acknowledge()
    {
        ulong count;
        _ = Libc.Read(timer, (byte*)&count, sizeof(ulong));
        Arm();
    }

    /// <summary>How long the machine has slept since the last call; 0: it has not.</summary>
    public long TakeSleptMs()
    {
        long now = suspendedMs(), slept = now - known;
        if (slept < ShortestSleepMs)
        {
            return 0;
        }

        known = now;
        return slept;
    }

    public void Dispose() => timer.Dispose();

    void Arm()
    {
        // struct itimerspec: interval (none), then the time.
        TimeSpec* times = stackalloc TimeSpec[2];
        times[0] = default;
        times[1] = new TimeSpec { Seconds = (nint)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() < FarSeconds ? FarSeconds : 2 * FarSeconds) };
        _ = Libc.TimerFdSetTime(timer, Libc.TFD_TIMER_ABSTIME | Libc.TFD_TIMER_CANCEL_ON_SET, times, null);
    }
}
