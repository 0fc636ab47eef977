using System;

namespace MeshIoT.Coordinator.Tests;

/// <summary>A clock that moves when it is told to. Its timers are the system's: nothing here waits for long ones.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    DateTimeOffset now = start;
    TimeSpan elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => elapsed.Ticks;

    public void Advance(TimeSpan by)
    {
        now += by;
        elapsed += by;
    }
}
