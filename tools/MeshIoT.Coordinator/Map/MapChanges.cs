using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>What has changed since the last pass, as names only: what it means is found by comparing two tailnets.</summary>
internal sealed class MapChanges
{
    /// <summary>Nodes that are new, gone, or different.</summary>
    public HashSet<long> Nodes { get; } = [];

    /// <summary>Those of them whose access was worked out again: their peers' filters may be others now.</summary>
    public HashSet<long> Access { get; } = [];

    /// <summary>Users that are different.</summary>
    public HashSet<long> Users { get; } = [];

    /// <summary>Everybody's access was worked out again.</summary>
    public bool Rules { get; private set; }

    /// <summary>Takes in what <paramref name="edit"/> did.</summary>
    public void Add(TailnetEdit edit)
    {
        Nodes.UnionWith(edit.ShownNodes);
        Nodes.UnionWith(edit.AccessNodes);
        Access.UnionWith(edit.AccessNodes);
        Users.UnionWith(edit.TouchedUsers);
        Rules |= edit.HasNewRules;
    }
}
