using System;
using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace MeshIoT.Coordinator;

/// <summary>Routes that the policy approves by itself: looked at whenever a node says what it announces. Nothing is ever un-approved here.</summary>
internal static class RouteApproval
{
    /// <summary><paramref name="node"/> with what the policy lets it serve of what it announces; the same instance when that is nothing new.</summary>
    public static NodeRecord Automatic(TailnetEdit edit, NodeRecord node, DateTimeOffset now)
    {
        ImmutableArray<IPNetwork> announced = RouteList.Announced(node.Hostinfo);
        Access access = edit.Current.Access;
        IPNetwork[] fresh = [.. announced.Where(route => !node.ApprovedRoutes.Contains(route) && access.AutoApproves(edit.Current, node, route))];
        if (fresh.Length == 0)
        {
            return node;
        }

        edit.Audit(new AuditEntry(now, "coordinator", "node.routes.approve", node.StableId, "by policy: " + string.Join(", ", fresh)));
        return node with { ApprovedRoutes = node.ApprovedRoutes.AddRange(fresh) };
    }
}
