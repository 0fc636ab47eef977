using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>How a peer is reached, and why so: <c>GET /localapi/v0/path?node=NAME</c>. Times that are differences are milliseconds.</summary>
public sealed record PathDto
{
    /// <summary>Full name without the trailing dot.</summary>
    public required string Name { get; init; }

    /// <summary>Its first tailnet address.</summary>
    public required string Address { get; init; }

    /// <summary>Node key.</summary>
    public required string NodeKey { get; init; }

    /// <summary>Disco key; absent: the peer has none.</summary>
    public string? DiscoKey { get; init; }

    /// <summary>Where packets go now: "direct", "relay", "both" while the direct path is not certain, or "-".</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Why: "points" (it answers and is the best), "only" (nothing else answers), "kept" (others are no better by enough), "doubted" (it
    /// stopped answering), "heard" (packets come from there, pings are not answered), "relay" (no direct endpoint answers), "none"
    /// (there is no way), "idle" (nobody talks to it, so nobody looks).
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>The direct endpoint in use, <c>ip:port</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How long the last answer still speaks for it; absent: it speaks for it no more.</summary>
    public long? TrustLeft { get; init; }

    /// <summary>The relay in use beside it or instead of it.</summary>
    public RelayDto? Relay { get; init; }

    /// <summary>The peer's home relay.</summary>
    public RelayDto? HomeRelay { get; init; }

    /// <summary>The relay by which it last reached this node and has not left.</summary>
    public RelayDto? ReachedBy { get; init; }

    /// <summary>When the last handshake with it completed.</summary>
    public DateTimeOffset? LastHandshake { get; init; }

    /// <summary>When something authentic last came from it.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>Where it may be, in the order in which they are tried.</summary>
    public IReadOnlyList<CandidateDto> Candidates { get; init; } = [];
}

/// <summary>An endpoint where a peer may be.</summary>
public sealed record CandidateDto
{
    /// <summary><c>ip:port</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Who says so: "netmap", "call-me-maybe", "heard" (it pinged or sent from there).</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>
    /// "chosen", "worse" (fewer points than the chosen one), "close" (not better by enough to change), "silent" (pinged, no answer),
    /// "stale" (answered once, now silent), "untried".
    /// </summary>
    public required string Verdict { get; init; }

    /// <summary>How long ago it was last pinged.</summary>
    public long? Pinged { get; init; }

    /// <summary>How long ago it last answered.</summary>
    public long? Answered { get; init; }

    /// <summary>Round trip of its last answer.</summary>
    public long? Latency { get; init; }

    /// <summary>Points for how near the kind of its address is: loopback 50, link-local 30, private 20; IPv6 10 more.</summary>
    public int Nearness { get; init; }

    /// <summary>Points for being faster than the chosen one (the chosen one: than the best of the others): percent of time saved.</summary>
    public int? Speed { get; init; }
}

/// <summary>A relay region.</summary>
/// <param name="Region">Its number.</param>
/// <param name="Code">Its code; the number when the netmap has none.</param>
public sealed record RelayDto(int Region, string Code)
{
    /// <summary>Its name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Whether this node is connected to it now; absent: not known.</summary>
    public bool? Connected { get; init; }
}
