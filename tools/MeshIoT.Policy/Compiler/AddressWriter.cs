using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Policy.Addresses;

namespace MeshIoT.Policy.Compiler;

/// <summary>Addresses in the words of a packet filter.</summary>
internal static class AddressWriter
{
    /// <summary>
    /// One side of a rule as sources: "*" is the tailnet's ranges and every approved subnet, nodes are their two addresses, addresses and
    /// prefixes stay as they were written. Sorted, each once.
    /// </summary>
    public static IReadOnlyList<string> Sources(AddressSpec spec, IEnumerable<NodeEntry> members, IEnumerable<IPNetwork> subnets)
    {
        if (spec.Everything)
        {
            return ["*"];
        }

        HashSet<string> found = new(StringComparer.Ordinal);
        if (spec.Star)
        {
            found.UnionWith(KnownRanges.Tailnet.Select(r => r.ToString()));
            found.UnionWith(subnets.Select(s => AddressRange.Of(s).ToString()));
        }

        if (spec.Internet)
        {
            found.UnionWith(KnownRanges.Internet.SelectMany(r => r.PrefixTexts()));
        }

        found.UnionWith(spec.Ranges.Select(r => r.ToString()));
        foreach (NodeEntry node in members)
        {
            found.Add(node.Node.IPv4.ToString());
            found.Add(node.Node.IPv6.ToString());
        }

        string[] sorted = [.. found];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    /// <summary>The addresses of a few nodes, sorted.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<NodeEntry> nodes)
        => [.. nodes.SelectMany(n => new[] { n.Node.IPv4.ToString(), n.Node.IPv6.ToString() }).Order(StringComparer.Ordinal)];
}
