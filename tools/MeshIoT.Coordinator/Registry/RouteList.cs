using System.Collections.Generic;
using System.Collections.Immutable;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>The subnet and exit routes of a node: what its description announces, and what of it counts. control-plane.md section 7.10.</summary>
internal static class RouteList
{
    /// <summary>More than a gateway has networks.</summary>
    public const int MaxRoutes = 128;

    /// <summary>All of IPv4: with <see cref="Exit6"/>, an exit node.</summary>
    public static readonly IPNetwork Exit4 = IPNetwork.Parse("0.0.0.0/0");

    /// <summary>All of IPv6: with <see cref="Exit4"/>, an exit node.</summary>
    public static readonly IPNetwork Exit6 = IPNetwork.Parse("::/0");

    static readonly IPNetwork Tailnet4 = IPNetwork.Parse("100.64.0.0/10");
    static readonly IPNetwork Tailnet6 = IPNetwork.Parse("fd7a:115c:a1e0::/48");

    /// <summary>True for the two that make an exit node.</summary>
    public static bool IsExit(IPNetwork route) => route.PrefixLength == 0;

    /// <summary>True for an address of the tailnet, not a route to elsewhere.</summary>
    public static bool IsOwn(IPNetwork prefix) => Tailnet4.Contains(prefix.BaseAddress) || Tailnet6.Contains(prefix.BaseAddress);

    /// <summary>What <paramref name="hostinfo"/> announces, at most <see cref="MaxRoutes"/>: prefixes only, nothing of the tailnet's own addresses.</summary>
    public static ImmutableArray<IPNetwork> Announced(Hostinfo hostinfo)
    {
        if (hostinfo.RoutableIPs is not { Count: > 0 } told)
        {
            return [];
        }

        List<IPNetwork> routes = [];
        foreach (string text in told)
        {
            if (routes.Count < MaxRoutes && text.Length <= 64 && IPNetwork.TryParse(text, out IPNetwork route) && IsUsable(route) && !routes.Contains(route))
            {
                routes.Add(route);
            }
        }

        return [.. routes];
    }

    /// <summary>What of <paramref name="announced"/> is <paramref name="approved"/>. Of the two exit routes, one approved is both.</summary>
    public static ImmutableArray<IPNetwork> Effective(ImmutableArray<IPNetwork> announced, ImmutableArray<IPNetwork> approved)
    {
        if (announced.IsEmpty || approved.IsEmpty)
        {
            return [];
        }

        bool exit = approved.Contains(Exit4) || approved.Contains(Exit6);
        return announced.RemoveAll(route => IsExit(route) ? !exit : !approved.Contains(route));
    }

    static bool IsUsable(IPNetwork route) =>
        IsExit(route) || !(Tailnet4.Contains(route.BaseAddress) || Tailnet6.Contains(route.BaseAddress) || route.Contains(Tailnet4.BaseAddress) || route.Contains(Tailnet6.BaseAddress));
}
