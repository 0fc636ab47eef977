using System;

namespace MeshIoT.Coordinator;

/// <summary>One line of the audit log. Written in the same transaction as the change it tells of.</summary>
/// <param name="Id">Counts up; 0 before it is stored.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Actor">Who did it: <c>local</c> for the local socket, a user's login, <c>token t3</c>, <c>node n7</c>, <c>machine [abcde]</c>, <c>coordinator</c>.</param>
/// <param name="Action">What was done, such as <c>node.delete</c>.</param>
/// <param name="Target">What it was done to, such as <c>n7</c>.</param>
/// <param name="Detail">What changed, for people; never a secret.</param>
internal sealed record AuditEntry(long Id, DateTimeOffset Time, string Actor, string Action, string Target, string Detail)
{
    /// <summary>An entry that is yet to be stored.</summary>
    public AuditEntry(DateTimeOffset time, string actor, string action, string target, string detail = "")
        : this(0, time, actor, action, target, detail)
    {
    }
}
