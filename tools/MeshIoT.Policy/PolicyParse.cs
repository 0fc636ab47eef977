using System.Collections.Immutable;

namespace MeshIoT.Policy;

/// <summary>What came of reading a policy text: a document, or the reasons why there is none.</summary>
/// <param name="Policy">The document; null when <paramref name="Errors"/> has entries.</param>
/// <param name="Errors">Everything that was found wrong, in the order of the text.</param>
public sealed record PolicyParse(PolicyDocument? Policy, ImmutableArray<PolicyError> Errors);
