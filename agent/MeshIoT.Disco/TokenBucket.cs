using System;

namespace MeshIoT.Disco;

/// <summary>So many things per second on average, so many at once. Milliseconds from outside; a step back counts as no time.</summary>
public struct TokenBucket(int perSecond, int burst)
{
    // In thousandths, so that a millisecond adds perSecond of them.
    long level = burst * 1000L;
    long sinceMs;

    /// <summary>Takes one if there is one.</summary>
    public bool TryTake(long nowMs)
    {
        if (nowMs > sinceMs)
        {
            long elapsed = Math.Min(nowMs - sinceMs, 1_000_000);
            level = Math.Min(burst * 1000L, level + (elapsed * perSecond));
            sinceMs = nowMs;
        }

        if (level < 1000)
        {
            return false;
        }

        level -= 1000;
        return true;
    }
}
