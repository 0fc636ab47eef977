using System;

namespace MeshIoT.Coordinator;

/// <summary>One version of the policy; earlier ones are kept in the database.</summary>
/// <param name="Id">Counts up; what an editor names to say which version it started from.</param>
/// <param name="Text">HuJSON, as a person wrote it.</param>
/// <param name="Created">When it came into force.</param>
/// <param name="Author">Who set it.</param>
internal sealed record PolicyRecord(long Id, string Text, DateTimeOffset Created, string Author);
