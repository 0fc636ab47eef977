using System;

namespace MeshIoT.History;

/// <summary>
/// Age that survives clocks which are set: milliseconds that go on with the monotonic clock while the program runs, and over a restart by the
/// difference of the wall clock where that can be true. A gateway without a battery that begins in 1970 and then learns the time ages nothing.
/// </summary>
internal sealed class KeptClock
{
    /// <summary>2024-01-01 UTC, milliseconds: a wall clock before it has not been set.</summary>
    public const long SetSinceMs = 1_704_067_200_000;

    readonly TimeProvider time;
    readonly long startedAt;
    readonly long baseMs;

    /// <param name="time">The clocks.</param>
    /// <param name="lastMs">This clock when it was stored last; 0 at first.</param>
    /// <param name="lastWallMs">The wall clock then.</param>
    public KeptClock(TimeProvider time, long lastMs, long lastWallMs)
    {
        (this.time, startedAt) = (time, time.GetTimestamp());
        long away = lastWallMs < SetSinceMs ? 0 : Math.Max(0, WallMs - lastWallMs);
        baseMs = Math.Max(0, lastMs) + away;
    }

    /// <summary>Now on this clock, milliseconds; never goes back.</summary>
    public long NowMs => baseMs + (long)time.GetElapsedTime(startedAt).TotalMilliseconds;

    /// <summary>Now on the wall clock, milliseconds since 1970-01-01 UTC.</summary>
    public long WallMs => time.GetUtcNow().ToUnixTimeMilliseconds();
}
