using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Compiler;
using MeshIoT.Policy.Document;

namespace MeshIoT.Policy;

/// <summary>Attributes of nodes, who may give which tag, which routes need no approval by hand.</summary>
public sealed partial class CompiledPolicy
{
    /// <summary>The attributes that the policy gives a node, for the CapMap of its own entry (each without a value); in the order of the policy.</summary>
    public IReadOnlyList<string> SelfCaps(long id)
    {
        if (Entry(id) is not { } node || Document.NodeAttrs.Count == 0)
        {
            return [];
        }

        List<string> found = [];
        foreach (NodeAttrRule rule in Document.NodeAttrs.Where(r => r.Targets.Any(t => graph.Matches(t, node))))
        {
            foreach (string attribute in rule.Attributes)
            {
                found.Add(attribute);
                if (attribute == NodeAttributes.Funnel)
                {
                    found.Add(NodeAttributes.FunnelPorts);
                }
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Attributes that others are told, for the CapMap of the node's entry as a peer: an approved exit may be proposed to them.</summary>
    public IReadOnlyList<string> PeerCaps(long id)
        => Entry(id) is { IsExit: true } ? [NodeAttributes.SuggestExitNode] : [];

    /// <summary>True when the user owns every one of <paramref name="tags"/>, directly, by a group, or by a tag that owns the tag.</summary>
    public bool MayTag(PolicyUser user, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(user);
        return tags.All(t => Owns(t, [], alias => graph.Users(alias).Contains(user.Id)));
    }

    /// <summary>True when a node with <paramref name="own"/> tags may take <paramref name="tags"/>: those it has, and those that its tags own.</summary>
    public bool MayTag(IReadOnlyCollection<string> own, IEnumerable<string> tags)
        => tags.All(t => own.Contains(t, StringComparer.Ordinal) || Owns(t, [], alias => alias.Kind == AliasKind.Tag && own.Contains(alias.Text, StringComparer.Ordinal)));

    bool Owns(string tag, HashSet<string> seen, Func<Alias, bool> isOwner)
        => seen.Add(tag) && Document.TagOwners.TryGetValue(tag, out var owners)
            && owners.Any(o => isOwner(o) || (o.Kind == AliasKind.Tag && Owns(o.Text, seen, isOwner)));

    /// <summary>
    /// True when the policy approves the route of this node by itself: an exit route by exitNode, any other by an entry of routes that is
    /// the prefix or contains it. The node need not be among those compiled.
    /// </summary>
    public bool AutoApproves(PolicyNode node, IPNetwork prefix)
    {
        NodeEntry entry = new(node);
        if (NodeEntry.IsExitRoute(prefix))
        {
            return Document.ExitApprovers.Any(a => graph.Matches(a, entry));
        }

        AddressRange range = AddressRange.Of(prefix);
        return Document.RouteApprovers.Any(r => r.Range.Contains(range) && r.Approvers.Any(a => graph.Matches(a, entry)));
    }
}
