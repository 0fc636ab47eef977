using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Document;

namespace MeshIoT.Policy.Compiler;

/// <summary>Tries what a policy's tests claim against its rules.</summary>
internal sealed class ReachTester(CompiledPolicy policy, Snapshot snapshot)
{
    static readonly int[] DefaultProtocols = [Protocols.Tcp, Protocols.Udp, 1, 58];

    public void Run(ReachTest test, ImmutableArray<PolicyError>.Builder failures)
    {
        List<AddressRange> sources = Addresses(test.Source);
        if (sources.Count == 0)
        {
            failures.Add(test.Source.At.Error($"test failed: src \"{test.Source.Text}\" is nobody at present"));
            return;
        }

        foreach ((ReachTarget target, bool accept) in test.Accept.Select(t => (t, true)).Concat(test.Deny.Select(t => (t, false))))
        {
            List<NodeEntry> self = target.Host.IsAuto(Alias.Self) ? Own(test.Source) : [];
            List<AddressRange> destinations = target.Host.IsAuto(Alias.Self) ? [.. self.SelectMany(n => new[] { n.V4, n.V6 })] : Addresses(target.Host);
            if (destinations.Count == 0)
            {
                failures.Add(target.At.Error($"test failed: \"{target.Text}\" stands for no address at present"));
                continue;
            }

            bool selfOnly = target.Host.IsAuto(Alias.Self);
            bool holds = accept
                ? sources.TrueForAll(s => Reaches(s, destinations, test, target, selfOnly))
                : !sources.Exists(s => Reaches(s, destinations, test, target, selfOnly));
            if (!holds)
            {
                failures.Add(target.At.Error(accept
                    ? $"test failed: {test.Source.Text} should reach {target.Text}, but may not"
                    : $"test failed: {test.Source.Text} should not reach {target.Text}, but may"));
            }
        }
    }

    bool Reaches(AddressRange source, List<AddressRange> destinations, ReachTest test, ReachTarget target, bool self)
    {
        foreach (Edge edge in policy.Graph.Edges)
        {
            if (!edge.IsVia && edge.Rule.Ip.Any(ip => Opens(ip, test, target))
                && Covers(edge.Source, source)
                && ((self && edge.Destination.Self) || destinations.Exists(d => Covers(edge.Destination, d))))
            {
                return true;
            }
        }

        return false;
    }

    static bool Opens(ProtocolPorts ip, ReachTest test, ReachTarget target)
    {
        bool protocol = ip.Protocol is not { } only || (test.Protocol is { } asked ? asked == only : DefaultProtocols.Contains(only));
        return protocol && ip.Ports.Any(p => p.Contains(target.Port));
    }

    /// <summary>True when the side of a rule has the address; "*" has every address.</summary>
    bool Covers(AddressSpec spec, AddressRange address)
        => spec.Star || spec.Everything || spec.Ranges.Any(r => r.Overlaps(address))
            || policy.Members(spec).Any(n => address.Overlaps(n.V4) || address.Overlaps(n.V6));

    List<NodeEntry> Own(Alias source) => [.. snapshot.Nodes.Values.Where(n => n.UserId is not null && policy.Graph.Matches(source, n))];

    /// <summary>What a name stands for: its own range, or the addresses of its nodes.</summary>
    List<AddressRange> Addresses(Alias alias)
    {
        if (alias.IsRange)
        {
            return [alias.Range];
        }

        return alias.Kind == AliasKind.Wildcard ? [.. KnownRanges.Tailnet]
            : [.. snapshot.Nodes.Values.Where(n => policy.Graph.Matches(alias, n)).SelectMany(n => new[] { n.V4, n.V6 })];
    }
}
