using System;

namespace MeshIoT.Disco;

/// <summary>How much is asked of the network to know a path well: milliseconds. data-plane.md section 2.6 has the defaults' reasons.</summary>
public sealed record DiscoPace
{
    /// <summary>As Tailscale's clients do: a path is known good to within seconds while something is sent.</summary>
    public static DiscoPace Default { get; } = new();

    /// <summary>
    /// For links that are paid by the megabyte: no pings to keep a path warm for its own sake, and few where nobody
    /// answers. What is sent is watched all the same, so a path that breaks under traffic is found out as fast.
    /// </summary>
    public static DiscoPace LowData { get; } = new()
    {
        HeartbeatMs = 10_000, TrustMs = 21_000, ActiveMs = 9_000, UpgradeMs = 600_000,
        SearchGapsMs = [300, 1_200, 15_000, 60_000, 300_000], SearchShare = 200,
    };

    /// <summary>Between pings of the endpoint in use.</summary>
    public long HeartbeatMs { get; init; } = 3_000;

    /// <summary>How long a pong speaks for an endpoint: two heartbeats and a little.</summary>
    public long TrustMs { get; init; } = 6_500;

    /// <summary>Pings end this long after the last packet for the peer.</summary>
    public long ActiveMs { get; init; } = 45_000;

    /// <summary>Between looks for a better endpoint than a slow one.</summary>
    public long UpgradeMs { get; init; } = 60_000;

    /// <summary>
    /// Pauses between searches while no endpoint answers; the last one repeats. The first are short: one lost datagram must not cost
    /// seconds, and two NATs open for each other only when both sides have sent.
    /// </summary>
    public long[] SearchGapsMs { get; init; } = [300, 700, 1_500, 2_500, 5_000, 5_000, 5_000, 5_000, 15_000];

    /// <summary>What goes by relay while no endpoint answers pays for searches beyond these: one costs at most one part of so many.</summary>
    public int SearchShare { get; init; } = 50;

    internal long SearchGapMs(int step) => SearchGapsMs[Math.Min(step, SearchGapsMs.Length - 1)];
}
