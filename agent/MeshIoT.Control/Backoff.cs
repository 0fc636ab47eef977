using System;

namespace MeshIoT.Control;

/// <summary>How long to wait after the n-th failure in a row: n² · 10 ms, at most 30 s, times 0.5 to 1.5. control-plane.md section 8.</summary>
public static class Backoff
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The wait after <paramref name="failures"/> failures (none: no wait); <paramref name="random01"/> lies in [0, 1).</summary>
    public static TimeSpan Next(int failures, double random01)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        double milliseconds = Math.Min(10.0 * failures * failures, Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(milliseconds * (0.5 + Math.Clamp(random01, 0, 1)));
    }
}
