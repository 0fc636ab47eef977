using System;
using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Node;

/// <summary>How a peer is reached at one moment, and why so. Immutable.</summary>
public sealed record PathReport
{
    /// <summary>Full name; empty when the peer was named by an address behind it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The tailnet address by which it was named, or its first one.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Its node key in text form.</summary>
    public required string NodeKey { get; init; }

    /// <summary>Its disco key in text form; null: none.</summary>
    public string? DiscoKey { get; init; }

    /// <summary>Why <see cref="Direct"/> and <see cref="Relay"/> are what they are.</summary>
    public PathReason Reason { get; init; }

    /// <summary>The direct endpoint in use; null: none.</summary>
    public IPEndPoint? Direct { get; init; }

    /// <summary>How long the last answer still speaks for the direct endpoint; null: it speaks for it no more.</summary>
    public TimeSpan? TrustLeft { get; init; }

    /// <summary>The relay in use beside the direct endpoint or instead of it; null: none.</summary>
    public RelayStatus? Relay { get; init; }

    /// <summary>The peer's home relay; null: none is known.</summary>
    public RelayStatus? HomeRelay { get; init; }

    /// <summary>The relay by which it last reached this node and has not left; null: none.</summary>
    public RelayStatus? ReachedBy { get; init; }

    /// <summary>When the last handshake was completed.</summary>
    public DateTimeOffset? LastHandshake { get; init; }

    /// <summary>When something authentic last came from it.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>Where it may be, in the order in which they are tried.</summary>
    public IReadOnlyList<PathCandidate> Candidates { get; init; } = [];
}
