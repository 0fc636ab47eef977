using System.Collections.Immutable;

namespace MeshIoT.Policy.Document;

/// <summary>Attributes for nodes.</summary>
internal sealed record NodeAttrRule(ImmutableArray<Alias> Targets, ImmutableArray<string> Attributes);
