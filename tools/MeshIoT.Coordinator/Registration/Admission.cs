using System.Collections.Immutable;

namespace MeshIoT.Coordinator;

/// <summary>In whose name a node comes in, and what that lets it be.</summary>
/// <param name="UserId">Whose node it becomes when it has no tags.</param>
/// <param name="Tags">Tags that it gets in any case.</param>
/// <param name="Ephemeral">It is removed some time after it leaves.</param>
/// <param name="Approved">It waits for nobody, where approval is asked for.</param>
/// <param name="AuthKeyId">The key that let it in; 0: a person did.</param>
/// <param name="Actor">Who did it, for the audit log.</param>
/// <param name="How">By what means, for the audit log.</param>
internal sealed record Admission(long UserId, ImmutableArray<string> Tags, bool Ephemeral, bool Approved, long AuthKeyId, string Actor, string How);
