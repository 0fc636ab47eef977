using System;

namespace MeshIoT.Linux.Watch;

/// <summary>No more than a number of times within a time: two programs that undo each other's work must not keep a processor busy.</summary>
/// <param name="most">How many.</param>
/// <param name="withinMs">Within how long.</param>
sealed class Allowance(int most, long withinMs)
{
    readonly long[] taken = new long[most];
    int next, used;

    /// <summary>From when on one more is allowed.</summary>
    public long FreeAtMs => used < most ? long.MinValue : taken[next] + withinMs;

    /// <summary>Takes one, if it is allowed.</summary>
    public bool TryTake(long nowMs)
    {
        if (nowMs < FreeAtMs)
        {
            return false;
        }

        taken[next] = nowMs;
        next = (next + 1) % most;
        used = Math.Min(used + 1, most);
        return true;
    }
}
