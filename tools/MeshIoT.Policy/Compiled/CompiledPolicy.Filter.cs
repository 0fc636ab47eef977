using System.Collections.Generic;
using System.Linq;
using MeshIoT.Policy.Compiler;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy;

/// <summary>What a node's packet filter lets in.</summary>
public sealed partial class CompiledPolicy
{
    /// <summary>
    /// The packet filter of one node: only what can arrive there. Empty = nothing is let in. Rules and their lists are shared between
    /// nodes: read them, never change them. control-plane.md section 5.7.
    /// </summary>
    public IReadOnlyList<FilterRule> Filter(long id)
    {
        if (Entry(id) is not { } node)
        {
            return [];
        }

        NodeClass own = ClassOf(node);
        bool forClass = !graph.HasSelfRules || node.UserId is null; // people's own devices are told apart by owner, not by class
        if (forClass && own.Filter is { } cache && cache.Sources.All(s => s.IsMadeFrom(MadeFrom(s.Spec))))
        {
            return cache.Rules;
        }

        FilterWriter writer = new(this, node, own);
        IReadOnlyList<FilterRule> rules = writer.Write();
        if (forClass && !writer.NamesTheNode)
        {
            own.Filter = new([.. writer.Used], rules);
        }

        return rules;
    }

    /// <summary>The addresses of one side of a rule, as sources: made once for as long as its nodes stay the same.</summary>
    internal SourceList Sources(AddressSpec spec)
    {
        List<object> madeFrom = MadeFrom(spec);
        if (graph.LastSources(spec.Index) is { } last && last.IsMadeFrom(madeFrom))
        {
            return last;
        }

        SourceList made = new(spec, AddressWriter.Sources(spec, Members(spec), snapshot.Routers.Keys), madeFrom);
        graph.KeepSources(spec.Index, made);
        return made;
    }

    /// <summary>The objects that change whenever the side's addresses do.</summary>
    List<object> MadeFrom(AddressSpec spec)
    {
        List<object> parts = [];
        if (spec.Star)
        {
            parts.Add(snapshot.Routers);
        }

        foreach (int selector in spec.NodeSelectors)
        {
            foreach (int id in Topology.Of(snapshot.Topology.BySelector, selector))
            {
                parts.Add(snapshot.Classes[id].Members);
            }
        }

        return parts;
    }

    /// <summary>The nodes that a side means as nodes.</summary>
    internal IEnumerable<NodeEntry> Members(AddressSpec spec)
        => spec.NodeSelectors.SelectMany(s => Topology.Of(snapshot.Topology.BySelector, s)).Distinct()
            .SelectMany(id => snapshot.Classes[id].Members).Select(id => snapshot.Nodes[id]);

    internal PolicyGraph Graph => graph;

    internal IEnumerable<NodeEntry> Devices(NodeEntry node) => SameUser(node);

    internal bool IsSource(NodeEntry node, AddressSpec spec) => spec.MatchesNode(ClassOf(node).Key.Selectors);
}
