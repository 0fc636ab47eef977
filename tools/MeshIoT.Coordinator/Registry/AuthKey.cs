using System;
using System.Collections.Immutable;

namespace MeshIoT.Coordinator;

/// <summary>What admits a node. Of the key itself only its hash is kept.</summary>
/// <param name="Id">Stable, never reused, not secret.</param>
/// <param name="Hash">BLAKE2s-256 of the 24 canonical characters, lower-case hexadecimal.</param>
/// <param name="Reusable">False: admits one node, once.</param>
/// <param name="Ephemeral">Nodes that it admits are removed some time after they leave.</param>
/// <param name="Tags">Nodes that it admits carry these and belong to no user.</param>
/// <param name="Description">What a person wrote about it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it stops admitting.</param>
/// <param name="Uses">How many nodes it has admitted.</param>
/// <param name="LastUsed">When it last did.</param>
/// <param name="UserId">Whose nodes it admits, when it has no tags; who made it.</param>
/// <param name="Preapproved">Nodes that it admits need no approval, where approval is asked for.</param>
internal sealed record AuthKey(
    long Id,
    string Hash,
    bool Reusable,
    bool Ephemeral,
    ImmutableArray<string> Tags,
    string Description,
    DateTimeOffset Created,
    DateTimeOffset Expires,
    long Uses,
    DateTimeOffset? LastUsed,
    long UserId,
    bool Preapproved)
{
    /// <summary>A one-off key that has done its work.</summary>
    public bool IsSpent => !Reusable && Uses > 0;
}
