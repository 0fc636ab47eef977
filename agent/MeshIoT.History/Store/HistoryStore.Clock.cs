namespace MeshIoT.History;

/// <content>
/// Clocks that begin in 1970 and are set later. While the wall clock is certainly wrong, how far it is from the monotonic one is remembered; once it is
/// right, all values of this run move by the difference. A clock that was plausible before and is set moves nothing.
/// </content>
public sealed partial class HistoryStore
{
    long unsetOffset, correction, unsetFrom;
    bool isUnset;

    /// <summary>The wall clock has not been set since the program began.</summary>
    bool IsClockUnset => clock.WallMs < KeptClock.SetSinceMs;

    long MonotonicMs => (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency));

    /// <summary>Looks at the clock; when it has just been set, puts right what came before.</summary>
    void MeetClock()
    {
        long offset = clock.WallMs - MonotonicMs;
        if (IsClockUnset)
        {
            (isUnset, unsetOffset) = (true, offset);
            return;
        }

        if (!isUnset)
        {
            return;
        }

        (isUnset, correction) = (false, offset - unsetOffset);
        foreach (Batch batch in waiting)
        {
            if (batch.Last < KeptClock.SetSinceMs)
            {
                batch.Shift(correction);
            }
        }

        foreach (SensorSeries one in series.Values)
        {
            if (one.Open is { } points && points.Last < KeptClock.SetSinceMs)
            {
                points.Shift(correction);
            }
        }

        if (unsetFrom > 0)
        {
            Guard(() => file?.Shift(unsetFrom, correction));
            unsetFrom = 0;
        }
    }

    /// <summary>Batches that are written while the clock is wrong can be put right as long as the program runs.</summary>
    void NoteBatches(long lastBefore)
    {
        if (unsetFrom == 0 && isUnset)
        {
            unsetFrom = lastBefore + 1;
        }
    }

    /// <summary>A reading that was taken before the clock was set and comes after.</summary>
    long RightTime(long unixMs) => unixMs < KeptClock.SetSinceMs && !isUnset ? unixMs + correction : unixMs;
}
