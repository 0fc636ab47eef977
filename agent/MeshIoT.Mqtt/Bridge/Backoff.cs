using System;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>How long to wait before the next try: 1 s, doubled each time, 5 minutes at most, and of that a random half, so that many gateways do not come at once.</summary>
/// <param name="random">The chance.</param>
internal sealed class Backoff(Random random)
{
    const double First = 1, Longest = 300;

    int tries;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        double whole = Math.Min(Longest, First * Math.Pow(2, Math.Min(tries++, 16)));
        return TimeSpan.FromSeconds(whole * (0.5 + (random.NextDouble() / 2)));
    }

    /// <summary>It went well: the next wait is short again.</summary>
    public void Reset() => tries = 0;
}
