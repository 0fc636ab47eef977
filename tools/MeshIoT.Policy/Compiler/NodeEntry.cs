using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using MeshIoT.Policy.Addresses;

namespace MeshIoT.Policy.Compiler;

/// <summary>A node with what the compiler asks of it again and again.</summary>
internal sealed class NodeEntry
{
    static readonly IPNetwork ExitV4 = new(IPAddress.Any, 0), ExitV6 = new(IPAddress.IPv6Any, 0);

    public NodeEntry(PolicyNode node)
    {
        Node = node;
        V4 = AddressRange.Of(node.IPv4);
        V6 = AddressRange.Of(node.IPv6);
        (Subnets, Exits) = Effective(node);
        SubnetRanges = [.. Subnets.Select(AddressRange.Of)];
        Own = [new(node.IPv4, 32), new(node.IPv6, 128)];
    }

    public PolicyNode Node { get; }

    /// <summary>The class it was sorted into; -1 before that.</summary>
    public int ClassId { get; set; } = -1;

    public AddressRange V4 { get; }

    public AddressRange V6 { get; }

    /// <summary>The node's addresses as prefixes, IPv4 first.</summary>
    public IPNetwork[] Own { get; }

    /// <summary>Offered and approved, without exit routes.</summary>
    public IPNetwork[] Subnets { get; }

    public AddressRange[] SubnetRanges { get; }

    /// <summary>Offered and approved exit routes; approving one family approves both.</summary>
    public IPNetwork[] Exits { get; }

    public bool IsTagged => !Node.Tags.IsDefaultOrEmpty;

    /// <summary>The owner; null for tagged nodes.</summary>
    public long? UserId => IsTagged ? null : Node.UserId;

    public bool IsExit => Exits.Length > 0;

    public static bool IsExitRoute(IPNetwork route) => route.PrefixLength == 0;

    static (IPNetwork[] Subnets, IPNetwork[] Exits) Effective(PolicyNode node)
    {
        ImmutableArray<IPNetwork> announced = node.AnnouncedRoutes.IsDefault ? [] : node.AnnouncedRoutes;
        ImmutableArray<IPNetwork> approved = node.ApprovedRoutes.IsDefault ? [] : node.ApprovedRoutes;
        if (announced.Length == 0 || approved.Length == 0)
        {
            return ([], []);
        }

        HashSet<IPNetwork> allowed = [.. approved];
        if (allowed.Contains(ExitV4) || allowed.Contains(ExitV6))
        {
            allowed.Add(ExitV4);
            allowed.Add(ExitV6);
        }

        IPNetwork[] effective = [.. announced.Where(allowed.Contains).Distinct()];
        return ([.. effective.Where(r => !IsExitRoute(r)).OrderBy(r => r.ToString(), StringComparer.Ordinal)], [.. effective.Where(IsExitRoute)]);
    }
}
