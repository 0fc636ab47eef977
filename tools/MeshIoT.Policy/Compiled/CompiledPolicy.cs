using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Policy.Compiler;

namespace MeshIoT.Policy;

/// <summary>
/// A policy brought together with users and nodes: who sees whom, with which routes, and what each node's packet filter lets in. An
/// immutable snapshot that any thread may ask. Visibility is worked out per rule between classes of nodes, so memory grows with nodes and
/// rules, not with pairs. Questions about a node that is not there get an empty answer.
/// </summary>
public sealed partial class CompiledPolicy
{
    readonly PolicyGraph graph;
    readonly Snapshot snapshot;

    CompiledPolicy(PolicyGraph graph, Snapshot snapshot)
    {
        (this.graph, this.snapshot) = (graph, snapshot);
        ssh = new(() => new SshWriter(graph, snapshot));
    }

    /// <summary>The document that this was compiled from.</summary>
    public PolicyDocument Document => graph.Document;

    /// <summary>Number of nodes.</summary>
    public int Count => snapshot.Nodes.Count;

    /// <summary>Number of classes of nodes that the policy tells apart.</summary>
    public int ClassCount => snapshot.Classes.Count;

    /// <summary>Brings <paramref name="document"/> together with who and what there is. Of nodes with one number the last one counts.</summary>
    public static CompiledPolicy Compile(PolicyDocument document, IReadOnlyCollection<PolicyUser> users, IReadOnlyCollection<PolicyNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new CompiledPolicy(new PolicyGraph(document, users), Snapshot.Empty).With(nodes);
    }

    /// <summary>
    /// The same policy after nodes changed, came, or went; equal in all answers to compiling anew. It costs what changed, not what is
    /// there. A change of users needs <see cref="Compile"/>.
    /// </summary>
    public CompiledPolicy With(IReadOnlyCollection<PolicyNode> changed, IReadOnlyCollection<long>? removed = null)
    {
        SnapshotBuilder builder = new(graph, snapshot);
        foreach (long id in removed ?? [])
        {
            builder.Remove(id);
        }

        foreach (PolicyNode node in changed)
        {
            builder.Put(node);
        }

        return new(graph, builder.Build());
    }

    /// <summary>The numbers of all nodes, in no order.</summary>
    public IEnumerable<long> NodeIds() => snapshot.Nodes.Keys;

    /// <summary>True when the node is there.</summary>
    public bool Contains(long id) => snapshot.Nodes.ContainsKey(id);

    /// <summary>The node as it was handed in.</summary>
    public PolicyNode? Node(long id) => Entry(id)?.Node;

    NodeEntry? Entry(long id) => snapshot.Nodes.GetValueOrDefault(id);

    NodeClass ClassOf(NodeEntry node) => snapshot.Classes[node.ClassId];

    IEnumerable<NodeEntry> SameUser(NodeEntry node)
        => node.UserId is { } user && snapshot.ByUser.TryGetValue(user, out var ids) ? ids.Select(i => snapshot.Nodes[i]) : [];
}
