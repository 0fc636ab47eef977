using System;
using System.Collections.Immutable;

namespace MeshIoT.Coordinator;

/// <summary>What lets a program use the REST interface from afar. Of the token itself only its hash is kept.</summary>
/// <param name="Id">Stable, never reused, not secret.</param>
/// <param name="Hash">BLAKE2s-256 of the token's text, lower-case hexadecimal.</param>
/// <param name="UserId">In whose name it acts.</param>
/// <param name="Description">What a person wrote about it.</param>
/// <param name="Scopes">What it may do, such as <c>nodes:read</c>; <c>all</c> is everything.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it stops.</param>
/// <param name="LastUsed">When it was last used, within an hour; null: never.</param>
internal sealed record ApiToken(
    long Id, string Hash, long UserId, string Description, ImmutableArray<string> Scopes, DateTimeOffset Created, DateTimeOffset Expires, DateTimeOffset? LastUsed);
