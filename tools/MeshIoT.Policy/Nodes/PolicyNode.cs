using System.Collections.Immutable;
using System.Net;

namespace MeshIoT.Policy;

/// <summary>A node as policies see one. A node belongs to a user or has tags, never both: tags take the user's place.</summary>
public sealed record PolicyNode
{
    /// <summary>The node's number: unique, never used again.</summary>
    public required long Id { get; init; }

    /// <summary>Name that stays when the number changes its form; for messages only.</summary>
    public string? StableId { get; init; }

    /// <summary>Host name, for messages.</summary>
    public string? Hostname { get; init; }

    /// <summary>The owner; null, or without effect, when the node has tags.</summary>
    public long? UserId { get; init; }

    /// <summary>Tags with their "tag:".</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The node's IPv4 address in the tailnet.</summary>
    public required IPAddress IPv4 { get; init; }

    /// <summary>The node's IPv6 address in the tailnet.</summary>
    public required IPAddress IPv6 { get; init; }

    /// <summary>Routes that the node offers.</summary>
    public ImmutableArray<IPNetwork> AnnouncedRoutes { get; init; } = [];

    /// <summary>Routes that were approved, by a person or by the policy; only what is offered and approved has effect.</summary>
    public ImmutableArray<IPNetwork> ApprovedRoutes { get; init; } = [];

    /// <summary>
    /// The subnet routes for which the node is the elected router, as the coordinator decided; default (not empty) = nobody decided, and of
    /// several routers of one prefix the one with the lowest number is taken. Exit routes are not elected.
    /// </summary>
    public ImmutableArray<IPNetwork> PrimaryRoutes { get; init; }
}
