using System;

namespace MeshIoT.Linux.Watch;

/// <summary>Many notes, one event: once it was quiet for a moment, or after a while at the latest. Boot clock; no clock inside.</summary>
/// <param name="quietMs">How long nothing more must come.</param>
/// <param name="mostMs">The longest that a note waits.</param>
sealed class Debounce(long quietMs, long mostMs)
{
    long first = long.MaxValue, last;

    /// <summary>When <see cref="TryTake"/> will say yes; <see cref="long.MaxValue"/>: nothing was noted.</summary>
    public long DueMs => first == long.MaxValue ? long.MaxValue : Math.Min(last + quietMs, first + mostMs);

    /// <summary>Something came.</summary>
    public void Note(long nowMs)
    {
        first = Math.Min(first, nowMs);
        last = nowMs;
    }

    /// <summary>True once, when it is due.</summary>
    public bool TryTake(long nowMs)
    {
        bool due = nowMs >= DueMs;
        first = due ? long.MaxValue : first;
        return due;
    }
}
