using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text.Json;

namespace MeshIoT.Policy.Document;

/// <summary>A grant; an entry of acls becomes one per destination.</summary>
internal sealed record GrantRule
{
    public required ImmutableArray<Alias> Sources { get; init; }

    public required ImmutableArray<Alias> Destinations { get; init; }

    public ImmutableArray<ProtocolPorts> Ip { get; init; } = [];

    /// <summary>Capabilities passed through to the nodes; null when the grant has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>?>? App { get; init; }

    /// <summary>Tags of the routers that traffic has to take.</summary>
    public ImmutableArray<Alias> Via { get; init; } = [];
}
