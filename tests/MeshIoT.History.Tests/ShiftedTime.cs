using System;
using System.Threading;

namespace MeshIoT.History.Tests;

/// <summary>A clock whose wall time somebody sets, while its monotonic time goes on.</summary>
internal sealed class ShiftedTime(TimeProvider inner) : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Shift;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
}
