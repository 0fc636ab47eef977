using System;

namespace MeshIoT.Derp;

/// <summary>Keeps to what a relay says it takes of one client: a bucket of bytes. What does not go now waits in the queue, which drops its oldest.</summary>
internal sealed class SendRate(long bytesPerSecond, long burst, long nowMs)
{
    const long LongestPauseMs = 1000;

    double level = burst;
    long filledMs = nowMs;

    /// <summary>The rate a relay told; null when it told none.</summary>
    public static SendRate? From(ServerInfo info, long nowMs) =>
        info.TokenBucketBytesPerSecond > 0 ? new(info.TokenBucketBytesPerSecond, Math.Max(info.TokenBucketBytesBurst, DerpFrames.LargestHandled), nowMs) : null;

    /// <summary>Takes bytes that were written; how many milliseconds to pause after them, 0 to 1000.</summary>
    public int Spend(int bytes, long nowMs)
    {
        level = Math.Min(burst, level + (bytesPerSecond * (double)(nowMs - filledMs) / 1000)) - bytes;
        filledMs = nowMs;
        if (level >= 0)
        {
            return 0;
        }

        // A relay that tells next to nothing as its rate does not make us sleep for ever.
        level = Math.Max(level, -(double)bytesPerSecond * LongestPauseMs / 1000);
        return (int)Math.Min(Math.Ceiling(-level * 1000 / bytesPerSecond), LongestPauseMs);
    }
}
