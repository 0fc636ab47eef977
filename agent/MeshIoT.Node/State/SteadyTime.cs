using System;
using System.Threading;
using MeshIoT.Linux;

namespace MeshIoT.Node.State;

/// <summary>
/// The wall clock as it was at the start, carried on by a clock that nobody can set: what somebody does to the wall clock later, 1970 or ten
/// years ahead, makes no key expire and no wait endless. A start before this release, on a machine without a battery, is given up for the wall
/// clock as soon as that has been set right. Sleep counts. Any thread.
/// </summary>
internal sealed class SteadyTime : TimeProvider
{
    readonly TimeProvider wall;
    readonly Lock gate = new();
    DateTimeOffset anchor;
    TimeSpan anchoredAt;

    /// <summary>Begins with what <paramref name="wall"/> says now; its timers and timestamps are used as they are.</summary>
    public SteadyTime(TimeProvider wall)
    {
        this.wall = wall;
        (anchor, anchoredAt) = (wall.GetUtcNow(), Elapsed);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => wall.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => wall.LocalTimeZone;

    TimeSpan Elapsed => ReferenceEquals(wall, System) ? TimeSpan.FromMilliseconds(BootClock.NowMs) : wall.GetElapsedTime(0);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            DateTimeOffset now = anchor + (Elapsed - anchoredAt);
            if (now < ClockFloor.Release && wall.GetUtcNow() is var set && set >= ClockFloor.Release)
            {
                (anchor, anchoredAt, now) = (set, Elapsed, set);
            }

            return now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => wall.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        wall.CreateTimer(callback, state, dueTime, period);
}
