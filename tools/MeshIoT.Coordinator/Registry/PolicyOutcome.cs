using System.Collections.Immutable;
using MeshIoT.Policy;

namespace MeshIoT.Coordinator;

/// <summary>What came of setting or checking a policy.</summary>
/// <param name="Policy">The policy in force afterwards; null: still none.</param>
/// <param name="Errors">Why the text was not taken, each with line and column; empty when it was.</param>
/// <param name="IsConflict">The policy in force is not the one that the editor started from; nothing was changed.</param>
internal sealed record PolicyOutcome(PolicyRecord? Policy, ImmutableArray<PolicyError> Errors, bool IsConflict = false)
{
    /// <summary>True when the text was taken, or would be.</summary>
    public bool IsGood => Errors.IsEmpty && !IsConflict;
}
