using System;

namespace MeshIoT.Paths.NetCheck;

/// <summary>How far a relay region is. A latency that is null was not measured, or nothing came back.</summary>
/// <param name="RegionId">Its number in the map of relays.</param>
/// <param name="Code">Its short name, as a path shows it.</param>
/// <param name="Name">Its name for people.</param>
public sealed record RegionReport(int RegionId, string Code, string Name)
{
    /// <summary>Round trip of a STUN request over IPv4.</summary>
    public TimeSpan? V4 { get; init; }

    /// <summary>Round trip of a STUN request over IPv6.</summary>
    public TimeSpan? V6 { get; init; }

    /// <summary>Round trip of an HTTPS request, asked only where UDP does not get through.</summary>
    public TimeSpan? Https { get; init; }

    /// <summary>It was asked by STUN and waited for, in vain. False also for one that was not waited for, because nearer ones had answered.</summary>
    public bool IsSilent { get; init; }

    /// <summary>The shortest of them.</summary>
    public TimeSpan? Latency => Shorter(Shorter(V4, V6), Https);

    static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;
}
