using System;
using System.Collections.Immutable;

namespace MeshIoT.Policy.Document;

/// <summary>An entry of the ssh section.</summary>
internal sealed record SshPolicyRule
{
    public required bool Check { get; init; }

    public required ImmutableArray<Alias> Sources { get; init; }

    public required ImmutableArray<Alias> Destinations { get; init; }

    public required ImmutableArray<string> Users { get; init; }

    public ImmutableArray<string> AcceptEnv { get; init; } = [];

    /// <summary>How long one check lasts; zero = every session is checked.</summary>
    public TimeSpan CheckPeriod { get; init; } = TimeSpan.FromHours(12);
}
