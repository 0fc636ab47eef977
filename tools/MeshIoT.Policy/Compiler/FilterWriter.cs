using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Document;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Compiler;

/// <summary>
/// Writes the packet filter of one node: of every rule the destinations that are the node, lie behind it, or go out through it. A prefix that
/// covers the node stays the prefix; users, groups and tags become the node's own addresses.
/// </summary>
internal sealed class FilterWriter(CompiledPolicy policy, NodeEntry node, NodeClass own)
{
    readonly List<FilterRule> rules = [];
    readonly Dictionary<(object Sources, int Protocol), List<NetPortRange>> merged = [];

    /// <summary>Source lists that the filter was made with.</summary>
    public HashSet<SourceList> Used { get; } = [];

    /// <summary>True when the filter is for this node only; false when the whole class can have it.</summary>
    public bool NamesTheNode { get; private set; }

    public IReadOnlyList<FilterRule> Write()
    {
        IEnumerable<int> companions = own.SourceEdges.Where(e => policy.Graph.Edges[e].HasCompanions);
        IEnumerable<int> selves = !policy.Graph.HasSelfRules || node.UserId is null ? [] : policy.Graph.Edges.Where(e => e.Destination.Self).Select(e => e.Index);
        HashSet<int> destinations = [.. own.DestinationEdges];
        foreach (int index in SortedInts.Of(destinations.Concat(companions).Concat(selves)))
        {
            Edge edge = policy.Graph.Edges[index];
            if (edge.IsVia)
            {
                Via(edge, destinations.Contains(index));
                continue;
            }

            if (destinations.Contains(index))
            {
                Ports(edge, Destinations(edge));
                Capabilities(edge);
            }

            if (edge.Destination.Self && node.UserId is not null)
            {
                Self(edge);
            }

            if (edge.HasCompanions)
            {
                Companion(edge);
            }
        }

        return rules;
    }

    /// <summary>What of a rule's destinations is here, as texts of a filter.</summary>
    List<string> Destinations(Edge edge)
    {
        List<string> found = [];
        foreach (Alias alias in edge.Rule.Destinations)
        {
            if (alias.Kind == AliasKind.Wildcard)
            {
                found.Add("*");
            }
            else if (alias.IsAuto(Alias.Internet))
            {
                found.AddRange(node.IsExit ? KnownRanges.Internet.SelectMany(r => r.PrefixTexts()) : []);
            }
            else if (alias.IsRange)
            {
                if (Concerns(alias.Range))
                {
                    found.Add(alias.Range.ToString());
                }
            }
            else if (policy.Graph.Matches(alias, node))
            {
                NamesTheNode = true;
                found.Add(node.Node.IPv4.ToString());
                found.Add(node.Node.IPv6.ToString());
            }
        }

        return found;
    }

    /// <summary>True when addresses of the range are the node's, behind it, or on the Internet that it is an exit to.</summary>
    bool Concerns(AddressRange range)
        => range.Contains(node.V4) || range.Contains(node.V6) || node.SubnetRanges.Any(s => s.Overlaps(range))
            || (node.IsExit && (range.IsEverything || KnownRanges.Internet.Any(i => i.Contains(range))));

    void Ports(Edge edge, List<string> destinations)
    {
        SourceList sources = policy.Sources(edge.Source);
        Used.Add(sources);
        if (sources.Addresses.Count > 0)
        {
            Ports(edge, destinations, sources.Addresses);
        }
    }

    /// <summary>Adds ports, in the rule that has the same sources and protocol where there is one.</summary>
    void Ports(Edge edge, List<string> destinations, IReadOnlyList<string> sources)
    {
        foreach (ProtocolPorts ip in destinations.Count == 0 ? [] : edge.Rule.Ip)
        {
            if (!merged.TryGetValue((sources, ip.Protocol ?? -1), out List<NetPortRange>? list))
            {
                merged[(sources, ip.Protocol ?? -1)] = list = [];
                rules.Add(new FilterRule { SrcIPs = sources, DstPorts = list, IPProto = ip.Protocol is { } protocol ? [protocol] : null });
            }

            list.AddRange(destinations.SelectMany(d => ip.Ports.Select(p => new NetPortRange { IP = d, Ports = p })));
        }
    }

    void Via(Edge edge, bool taken)
    {
        if (!taken)
        {
            return;
        }

        List<string> found = edge.Destination.Star ? [.. node.SubnetRanges.Select(r => r.ToString())]
            : [.. edge.Destination.Ranges.Where(r => node.SubnetRanges.Any(s => s.Overlaps(r))).Select(r => r.ToString())];
        if (edge.Destination.Internet && node.IsExit)
        {
            found.AddRange(KnownRanges.Internet.SelectMany(r => r.PrefixTexts()));
        }

        Ports(edge, found);
    }

    /// <summary>People's own devices: from those of the same user that are sources, to this one.</summary>
    void Self(Edge edge)
    {
        IReadOnlyList<string> sources = AddressWriter.Of(policy.Devices(node).Where(n => policy.IsSource(n, edge.Source)));
        if (sources.Count == 0)
        {
            return;
        }

        NamesTheNode = true;
        Ports(edge, [node.Node.IPv4.ToString(), node.Node.IPv6.ToString()], sources);
        if (edge.Rule.App is { } app)
        {
            Grant(sources, node.Own.Select(o => o.ToString()), app);
            if (policy.IsSource(node, edge.Source))
            {
                Companion(AddressWriter.Of(policy.Devices(node)), node.Own.Select(o => o.ToString()), app);
            }
        }
    }

    void Capabilities(Edge edge)
    {
        if (edge.Rule.App is not { } app)
        {
            return;
        }

        List<CapGrant> grants = [];
        foreach (Alias alias in edge.Rule.Destinations)
        {
            List<string> here = alias.IsRange ? Narrowed(alias.Range) : policy.Graph.Matches(alias, node) ? [.. node.Own.Select(o => o.ToString())] : [];
            if (here.Count > 0)
            {
                grants.Add(new CapGrant { Dsts = here, CapMap = app });
            }
        }

        if (grants.Count > 0)
        {
            NamesTheNode = true;
            SourceList sources = policy.Sources(edge.Source);
            Used.Add(sources);
            rules.Add(new FilterRule { SrcIPs = sources.Addresses, CapGrant = grants });
        }
    }

    /// <summary>A range narrowed to the node's own addresses; whole where it lies behind the node.</summary>
    List<string> Narrowed(AddressRange range)
    {
        List<string> here = [];
        if (range.Contains(node.V4))
        {
            here.Add(node.Own[0].ToString());
        }

        if (range.Contains(node.V6))
        {
            here.Add(node.Own[1].ToString());
        }

        if (node.SubnetRanges.Any(s => s.Overlaps(range)))
        {
            here.AddRange(range.PrefixTexts());
        }

        return here;
    }

    /// <summary>The counterpart capability, from the rule's destinations to this node as one of its sources.</summary>
    void Companion(Edge edge)
    {
        List<string> here = policy.IsSource(node, edge.Source with { Selectors = edge.Source.NodeSelectors }) ? [.. node.Own.Select(o => o.ToString())] : [];
        foreach (AddressRange range in edge.Source.Ranges)
        {
            here.AddRange(Narrowed(range));
        }

        if (here.Count > 0 && (!edge.Destination.Self || edge.Rule.Destinations.Length > 1))
        {
            SourceList sources = policy.Sources(edge.Destination);
            Used.Add(sources);
            Companion(sources.Addresses, here.Distinct(), edge.Rule.App!);
        }
    }

    void Companion(IReadOnlyList<string> sources, IEnumerable<string> here, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>?> app)
    {
        foreach ((string capability, string companion) in Companions.Pairs)
        {
            if (app.ContainsKey(capability))
            {
                Grant(sources, here, new Dictionary<string, IReadOnlyList<JsonElement>?> { [companion] = null });
            }
        }
    }

    void Grant(IReadOnlyList<string> sources, IEnumerable<string> here, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>?> app)
    {
        NamesTheNode = true;
        rules.Add(new FilterRule { SrcIPs = sources, CapGrant = [new CapGrant { Dsts = [.. here], CapMap = app }] });
    }
}
