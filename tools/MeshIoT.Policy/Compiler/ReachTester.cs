using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Document;

namespace MeshIoT.Policy.Compiler;

/// <summary>Tries what a policy's tests claim against its rules: for every class of nodes that a name stands for, not for every node.</summary>
internal sealed class ReachTester(CompiledPolicy policy, Snapshot snapshot)
{
    static readonly int[] DefaultProtocols = [Protocols.Tcp, Protocols.Udp, 1, 58];

    /// <summary>One end of a connection: nodes by their selectors, or addresses with the selectors of the nodes that have them.</summary>
    sealed record End(int[] Selectors, AddressRange? Range);

    public void Run(ReachTest test, ImmutableArray<PolicyError>.Builder failures)
    {
        List<End> sources = Ends(test.Source);
        if (sources.Count == 0)
        {
            failures.Add(test.Source.At.Error($"test failed: src \"{test.Source.Text}\" is nobody at present"));
            return;
        }

        foreach ((ReachTarget target, bool accept) in test.Accept.Select(t => (t, true)).Concat(test.Deny.Select(t => (t, false))))
        {
            bool self = target.Host.IsAuto(Alias.Self);
            List<End> destinations = self ? Of(Own(test.Source)) : Ends(target.Host);
            if (destinations.Count == 0)
            {
                failures.Add(target.At.Error($"test failed: \"{target.Text}\" stands for no address at present"));
                continue;
            }

            bool holds = accept
                ? sources.TrueForAll(s => Reaches(s, destinations, test, target, self))
                : !sources.Exists(s => Reaches(s, destinations, test, target, self));
            if (!holds)
            {
                failures.Add(target.At.Error(accept
                    ? $"test failed: {test.Source.Text} should reach {target.Text}, but may not"
                    : $"test failed: {test.Source.Text} should not reach {target.Text}, but may"));
            }
        }
    }

    bool Reaches(End source, List<End> destinations, ReachTest test, ReachTarget target, bool self)
        => Array.Exists(policy.Graph.Edges, edge => !edge.IsVia
            && edge.Rule.Ip.Any(ip => Opens(ip, test, target))
            && Covers(edge.Source, source)
            && ((self && edge.Destination.Self) || destinations.Exists(d => Covers(edge.Destination, d))));

    static bool Opens(ProtocolPorts ip, ReachTest test, ReachTarget target)
    {
        bool protocol = ip.Protocol is not { } only || (test.Protocol is { } asked ? asked == only : DefaultProtocols.Contains(only));
        return protocol && ip.Ports.Any(p => p.Contains(target.Port));
    }

    /// <summary>True when the side of a rule has the end; "*" has every address.</summary>
    static bool Covers(AddressSpec spec, End end)
        => spec.MatchesNode(end.Selectors) || (end.Range is { } range && spec.Overlaps(range));

    /// <summary>What a name stands for.</summary>
    List<End> Ends(Alias alias) => alias switch
    {
        { IsRange: true } => [new(SortedInts.Of(snapshot.Nodes.Values.Where(n => policy.Graph.Matches(alias, n)).SelectMany(Selectors)), alias.Range)],
        { Kind: AliasKind.Wildcard } => [.. KnownRanges.Tailnet.Select(r => new End([], r))],
        _ => Of(snapshot.Nodes.Values.Where(n => policy.Graph.Matches(alias, n))),
    };

    List<End> Of(IEnumerable<NodeEntry> nodes) => [.. nodes.DistinctBy(n => n.ClassId).Select(n => new End(Selectors(n), null))];

    int[] Selectors(NodeEntry node) => snapshot.Classes[node.ClassId].Key.Selectors;

    IEnumerable<NodeEntry> Own(Alias source) => snapshot.Nodes.Values.Where(n => n.UserId is not null && policy.Graph.Matches(source, n));
}
