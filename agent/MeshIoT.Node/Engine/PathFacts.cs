using System.Collections.Generic;
using MeshIoT.Disco;

namespace MeshIoT.Node.Engine;

/// <summary>How a peer is reached, as the engine has it. Times are milliseconds; -1: never, or none.</summary>
/// <param name="Plan">What the netmap says.</param>
/// <param name="Cell">What can be seen of it; null: it never talked.</param>
internal sealed record PathFacts(PeerPlan Plan, PeerCell? Cell)
{
    /// <summary>The direct endpoint in use, 18 bytes, or null.</summary>
    public byte[]? Direct { get; init; }

    /// <summary>The relay region in use beside it or instead of it; 0: none.</summary>
    public int Region { get; init; }

    /// <summary>The region by which the peer last reached us; 0: none.</summary>
    public int Reached { get; init; }

    /// <summary>Regions that are connected now: its home, the one it reached us by.</summary>
    public bool HomeIsConnected { get; init; }

    /// <inheritdoc cref="HomeIsConnected"/>
    public bool ReachedIsConnected { get; init; }

    /// <summary>How long the last answer still speaks for the direct endpoint.</summary>
    public long TrustLeftMs { get; init; } = -1;

    /// <summary>Whether a ping has confirmed an endpoint, if not lately.</summary>
    public bool HasBest { get; init; }

    /// <summary>Whether somebody looks for it.</summary>
    public bool IsPinged { get; init; }

    /// <summary>Where it may be.</summary>
    public IReadOnlyList<CandidateFacts> Candidates { get; init; } = [];
}
