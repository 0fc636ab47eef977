using System.Collections.Immutable;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>An entry of the tests section: what a source must and must not reach.</summary>
internal sealed record ReachTest(TextPosition At, Alias Source, int? Protocol, ImmutableArray<ReachTarget> Accept, ImmutableArray<ReachTarget> Deny);

/// <summary>A destination of a test: one host, one port.</summary>
internal sealed record ReachTarget(TextPosition At, string Text, Alias Host, ushort Port);
