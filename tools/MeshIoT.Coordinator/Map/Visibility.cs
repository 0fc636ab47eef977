using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Coordinator;

/// <summary>Who sees whom: everybody everybody else, until a policy says otherwise. A node whose key has expired sees nobody.</summary>
internal static class Visibility
{
    public static List<NodeRecord> Of(NodeRecord viewer, Tailnet tailnet, DateTimeOffset now) =>
        viewer.IsExpired(now) ? [] : [.. tailnet.Nodes.Values.Where(n => n.Id != viewer.Id)];
}
