using System;
using System.Threading;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>So many bytes a second. What has been read is taken even when it is too much; then reading pauses until the debt is paid.</summary>
internal sealed class ByteBucket(long perSecond)
{
    readonly Lock gate = new();
    double tokens = BurstOf(perSecond);
    long lastMs = long.MinValue;

    /// <summary>How much may come at once: a tenth of a second's worth, but at least one longest frame.</summary>
    public static long BurstOf(long perSecond) => Math.Max(DerpFrames.LargestHandled, perSecond / 10);

    /// <summary>Takes so many bytes; returns for how many milliseconds to read nothing more.</summary>
    public long Take(int bytes, long nowMs)
    {
        lock (gate)
        {
            if (lastMs != long.MinValue)
            {
                tokens = Math.Min(BurstOf(perSecond), tokens + ((nowMs - lastMs) * (double)perSecond / 1000));
            }

            lastMs = nowMs;
            tokens -= bytes;
            return tokens >= 0 ? 0 : (long)Math.Ceiling(-tokens * 1000 / perSecond);
        }
    }
}
