using System;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>At most so many a second, a second's worth at once. The clock goes in.</summary>
/// <param name="perSecond">1 or more.</param>
internal sealed class RateLimit(int perSecond)
{
    double tokens = perSecond;
    long last = long.MinValue;

    /// <summary>Takes one; false when it is too soon.</summary>
    /// <param name="nowMs">The monotonic clock, milliseconds.</param>
    public bool TryTake(long nowMs)
    {
        if (last != long.MinValue && nowMs > last)
        {
            tokens = Math.Min(perSecond, tokens + ((nowMs - last) * perSecond / 1000.0));
        }

        last = nowMs;
        if (tokens < 1)
        {
            return false;
        }

        tokens--;
        return true;
    }

    /// <summary>How long until the next may be taken.</summary>
    public TimeSpan Wait => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((1 - tokens) * 1000 / perSecond)));
}
