using System;
using System.Collections.Generic;
using System.Threading;

namespace MeshIoT.Tests;

/// <summary>A clock that a test turns: <see cref="Advance"/> moves time and fires what has become due.</summary>
internal sealed class ManualTime : TimeProvider
{
    readonly Lock gate = new();
    readonly List<ManualTimer> timers = [];
    DateTimeOffset now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (gate)
        {
            now += by;
            due = timers.FindAll(t => t.Due <= now);
            due.ForEach(t => t.Rearm(now));
        }

        due.ForEach(t => t.Fire());
    }

    sealed class ManualTimer(ManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        TimeSpan every = Timeout.InfiniteTimeSpan;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public void Fire() => callback(state);

        public void Rearm(DateTimeOffset at) => Due = every > TimeSpan.Zero ? at + every : DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                every = period;
                Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : owner.now + dueTime;
                owner.timers.Remove(this);
                owner.timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.timers.Remove(this);
            }
        }

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
