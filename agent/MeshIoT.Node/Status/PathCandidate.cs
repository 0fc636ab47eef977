using System;
using System.Net;

namespace MeshIoT.Node;

/// <summary>An endpoint where a peer may be.</summary>
/// <param name="Endpoint">Where.</param>
public sealed record PathCandidate(IPEndPoint Endpoint)
{
    /// <summary>The netmap lists it.</summary>
    public bool IsListed { get; init; }

    /// <summary>The peer named it in its last call-me-maybe.</summary>
    public bool IsCalled { get; init; }

    /// <summary>The peer pinged or sent from there.</summary>
    public bool IsHeard { get; init; }

    /// <summary>It is the one that was chosen.</summary>
    public bool IsChosen { get; init; }

    /// <summary>How long ago it was last pinged; null: never.</summary>
    public TimeSpan? PingedAgo { get; init; }

    /// <summary>How long ago it last answered; null: never.</summary>
    public TimeSpan? AnsweredAgo { get; init; }

    /// <summary>Whether a ping of more than five seconds ago still has no answer.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Round trip of its last answer; null: none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Points for how near the kind of its address is.</summary>
    public int Nearness { get; init; }

    /// <summary>Points for time saved against the chosen one (the chosen one: against the fastest of the others); null: nothing to compare with.</summary>
    public int? Speed { get; init; }

    /// <summary>Whether it answers: it did, and no later ping went without an answer.</summary>
    public bool Answers => AnsweredAgo is not null && !IsSilent;
}
