using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Filter;

/// <summary>
/// What the policy lets a source do beyond sending packets: capabilities by name, granted in rules of the packet filter. Asked seldom (somebody wants to
/// switch something), so the rules are read as they are. control-plane.md section 5.7.
/// </summary>
public static class CapabilityGrants
{
    /// <summary>Whether the rules grant a capability to a source towards one of these destinations; rules that cannot be read grant nothing.</summary>
    /// <param name="rules">The packet filter's rules.</param>
    /// <param name="from">The source.</param>
    /// <param name="to">The destinations: a node's own addresses.</param>
    /// <param name="capability">The capability's whole name.</param>
    public static bool Allow(IEnumerable<FilterRule> rules, IPAddress from, IReadOnlyList<IPAddress> to, string capability)
    {
        InnerAddress source = InnerAddress.From(from);
        InnerAddress[] own = [.. to.Select(InnerAddress.From)];
        foreach (FilterRule rule in rules)
        {
            if (rule is { CapGrant: { } grants, SrcBits: null or { Count: 0 } } && Holds(rule.SrcIPs, source)
                && grants.Any(grant => Names(grant, capability) && own.Any(address => Holds(grant.Dsts, address))))
            {
                return true;
            }
        }

        return false;
    }

    static bool Names(CapGrant grant, string capability) =>
        grant.CapMap?.ContainsKey(capability) == true || grant.Caps?.Contains(capability, StringComparer.Ordinal) == true;

    static bool Holds(IReadOnlyList<string>? texts, in InnerAddress address)
    {
        foreach (string? text in texts ?? [])
        {
            if (text == "*" || (text is not null && AddressRange.TryParse(text, out AddressRange range) && range.Contains(address)))
            {
                return true;
            }
        }

        return false;
    }
}
