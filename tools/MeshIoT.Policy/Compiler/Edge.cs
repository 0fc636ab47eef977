using MeshIoT.Policy.Document;

namespace MeshIoT.Policy.Compiler;

/// <summary>A rule between two sides. Who sees whom follows from edges, never from pairs of nodes.</summary>
internal sealed record Edge(int Index, GrantRule Rule, AddressSpec Source, AddressSpec Destination, int[] Via)
{
    public bool IsVia => Via.Length > 0;

    /// <summary>True when the rule gives sources a counterpart capability from its destinations.</summary>
    public bool HasCompanions { get; } = Rule.App is { } app && (app.ContainsKey(Companions.Drive) || app.ContainsKey(Companions.Relay));
}
