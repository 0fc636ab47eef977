using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace MeshIoT.Control.Tests;

/// <summary>A clock that a test moves; timers fire within <see cref="Advance"/>.</summary>
internal sealed class ManualTime : TimeProvider
{
    readonly Lock gate = new();
    readonly List<Timer> timers = [];
    DateTimeOffset now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Due times of the running timers, from now.</summary>
    public IReadOnlyList<TimeSpan> Pending
    {
        get
        {
            lock (gate)
            {
                return [.. timers.Where(t => t.Due is not null).Select(t => t.Due!.Value - now).Order()];
            }
        }
    }

    public void Set(DateTimeOffset value) => now = value;

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(t => t.Due <= now)];
            due.ForEach(static t => t.Due = null);
        }

        due.ForEach(static t => t.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, () => callback(state));
        lock (gate)
        {
            timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    sealed class Timer(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                Due = dueTime < TimeSpan.Zero ? null : time.now + dueTime;
            }

            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
            }
        }

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
