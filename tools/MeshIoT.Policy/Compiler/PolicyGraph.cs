using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Document;

namespace MeshIoT.Policy.Compiler;

/// <summary>What a document and its users come to before there is any node: selectors, edges, and which selector takes part in which edge.</summary>
internal sealed class PolicyGraph
{
    readonly Dictionary<string, AddressSpec> specs = new(StringComparer.Ordinal);
    readonly List<int>[] bySource, byDestination;
    readonly int[] starSources, starDestinations;
    readonly Edge[] sourceRanges, destinationRanges, internet;
    readonly SourceList?[] sources;
    readonly Dictionary<string, HashSet<long>> peopleOf = new(StringComparer.Ordinal);

    public PolicyGraph(PolicyDocument document, IReadOnlyCollection<PolicyUser> users)
    {
        Document = document;
        People = new People(document, users);
        Selectors = new SelectorIndex(People);
        Alias everything = new(AliasKind.Wildcard, "*", default);
        IReadOnlyList<GrantRule> rules = document.Rules ?? [new() { Sources = [everything], Destinations = [everything], Ip = [ProtocolPorts.Any] }];
        Edges = [.. rules.Where(r => r.Destinations.Length > 0 && r.Sources.Length > 0)
            .Select((r, i) => new Edge(i, r, Spec(r.Sources), Spec(r.Destinations), SortedInts.Of(r.Via.Select(v => Selectors.Add(v) ?? -1))))];
        sources = new SourceList?[specs.Count];
        bySource = [.. Enumerable.Range(0, Selectors.Count).Select(_ => new List<int>())];
        byDestination = [.. Enumerable.Range(0, Selectors.Count).Select(_ => new List<int>())];
        foreach (Edge edge in Edges)
        {
            Array.ForEach(edge.Source.Selectors, s => bySource[s].Add(edge.Index));
            if (!edge.IsVia)
            {
                Array.ForEach(edge.Destination.Selectors, s => byDestination[s].Add(edge.Index));
            }
        }

        starSources = [.. Edges.Where(e => e.Source.Star || e.Source.Everything).Select(e => e.Index)];
        starDestinations = [.. Edges.Where(e => !e.IsVia && e.Destination.Star).Select(e => e.Index)];
        sourceRanges = [.. Edges.Where(e => e.Source.Ranges.Length > 0)];
        destinationRanges = [.. Edges.Where(e => e.Destination.Ranges.Length > 0 || (e.IsVia && e.Destination.Star))];
        internet = [.. Edges.Where(e => e.Destination.Internet || e.Destination.Ranges.Any(r => r.IsEverything))];
        HasSelfRules = Edges.Any(e => e.Destination.Self);
        DisablesIPv4 = [.. document.NodeAttrs.Where(a => a.Attributes.Contains(NodeAttributes.DisableIPv4)).SelectMany(a => a.Targets)];
    }

    public PolicyDocument Document { get; }

    public People People { get; }

    public SelectorIndex Selectors { get; }

    public Edge[] Edges { get; }

    /// <summary>True when a rule is about people's own devices.</summary>
    public bool HasSelfRules { get; }

    /// <summary>Targets of the attribute that takes IPv4 away.</summary>
    public Alias[] DisablesIPv4 { get; }

    /// <summary>The last list of sources made for a side; it knows itself whether it still holds.</summary>
    public SourceList? LastSources(int spec) => Volatile.Read(ref sources[spec]);

    public void KeepSources(int spec, SourceList list) => Volatile.Write(ref sources[spec], list);

    /// <summary>The edges in which nodes with these selectors are a source: by themselves, and also through the subnets behind them.</summary>
    public (int[] AsNode, int[] All) SourceEdges(int[] selectors, AddressRange[] subnets)
    {
        int[] asNode = SortedInts.Of(starSources.Concat(selectors.SelectMany(s => bySource[s])));
        IEnumerable<int> routed = subnets.Length == 0 ? [] : sourceRanges.Where(e => e.Source.OverlapsAny(subnets)).Select(e => e.Index);
        return (asNode, SortedInts.Of(asNode.Concat(routed)));
    }

    /// <summary>The edges of which nodes with these selectors are a destination: by themselves, by the subnets behind them, or as exit.</summary>
    public int[] DestinationEdges(int[] selectors, AddressRange[] subnets, bool exit)
    {
        IEnumerable<int> found = starDestinations.Concat(selectors.SelectMany(s => byDestination[s]));
        if (subnets.Length > 0)
        {
            found = found.Concat(destinationRanges.Where(e => Takes(e, selectors) && e.Destination.OverlapsAny(subnets)).Select(e => e.Index));
        }

        if (exit)
        {
            found = found.Concat(internet.Where(e => Takes(e, selectors)).Select(e => e.Index));
        }

        return SortedInts.Of(found);
    }

    /// <summary>True unless the edge leads through tagged routers and this is none of them.</summary>
    public static bool Takes(Edge edge, int[] selectors) => !edge.IsVia || SortedInts.Intersect(edge.Via, selectors);

    /// <summary>True when an alias means a node.</summary>
    public bool Matches(Alias alias, NodeEntry node) => alias.Kind switch
    {
        AliasKind.Wildcard => true,
        AliasKind.Tag => node.IsTagged && node.Node.Tags.Contains(alias.Text),
        AliasKind.Address or AliasKind.Host => alias.Range.Contains(node.V4) || alias.Range.Contains(node.V6),
        _ when alias.IsAuto(Alias.Tagged) => node.IsTagged,
        _ when alias.IsAuto(Alias.Member) => !node.IsTagged,
        _ => node.UserId is { } user && Users(alias).Contains(user),
    };

    /// <summary>The users an alias means, worked out once.</summary>
    public HashSet<long> Users(Alias alias)
    {
        lock (peopleOf)
        {
            return peopleOf.TryGetValue(alias.Text, out HashSet<long>? found) ? found : peopleOf[alias.Text] = People.Of(alias);
        }
    }

    AddressSpec Spec(IEnumerable<Alias> aliases)
    {
        Alias[] names = [.. aliases.DistinctBy(a => (a.Kind, a.Text)).OrderBy(a => a.Text, StringComparer.Ordinal)];
        string key = string.Join('\n', names.Select(n => n.Text));
        if (specs.TryGetValue(key, out AddressSpec? spec))
        {
            return spec;
        }

        spec = new AddressSpec
        {
            Index = specs.Count,
            NodeSelectors = SortedInts.Of(names.Where(n => !n.IsRange).Select(Selectors.Add).OfType<int>()),
            Selectors = SortedInts.Of(names.Select(Selectors.Add).OfType<int>()),
            Ranges = [.. names.Where(n => n.IsRange).Select(n => n.Range).Distinct()],
            Star = names.Any(n => n.Kind == AliasKind.Wildcard),
            Everything = names.Any(n => n.IsAuto(Alias.DangerAll)),
            Internet = names.Any(n => n.IsAuto(Alias.Internet)),
            Self = names.Any(n => n.IsAuto(Alias.Self)),
        };
        return specs[key] = spec;
    }
}
