using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>Where a node lives: the routers between it and the Internet, the innermost first.</summary>
sealed class Household(IReadOnlyList<Nat> routers, Site site)
{
    public IReadOnlyList<Nat> Routers { get; } = routers;

    public Site Site { get; } = site;

    /// <summary>The strictest of the routers decides what can be.</summary>
    public NatKind? Kind => Routers.Count == 0 ? null : Routers.Max(static nat => nat.Kind);

    public string Words => Routers.Count == 0 ? "no NAT" : string.Join(" behind ", Routers.Select(static nat => nat.Kind));

    /// <summary>Whether two households can have a direct path; null where that depends on luck.</summary>
    public static bool? CanMeet(Household one, Household other)
    {
        if (one.Site == other.Site)
        {
            return true;
        }

        if (one.Routers.Intersect(other.Routers).Any())
        {
            return null;
        }

        NatKind? a = one.Kind, b = other.Kind;
        if (a == NatKind.Blocked || b == NatKind.Blocked)
        {
            return false;
        }

        bool symmetric = a == NatKind.Symmetric || b == NatKind.Symmetric;
        bool picky = a is NatKind.Symmetric or NatKind.PortRestricted && b is NatKind.Symmetric or NatKind.PortRestricted;
        return !(symmetric && picky);
    }

    /// <summary>One of many kinds of household at a place in the Internet.</summary>
    public static Household Build(VirtualNet net, int number, Func<NatKind> kind, int delayMs)
    {
        int routers = net.Random.Next(6) switch { 0 => 0, 1 => 2, _ => 1 };
        Site site = net.Internet;
        List<Nat> way = [];
        for (int i = 0; i < routers; i++)
        {
            // The outer of two is a carrier's: it gives its customers addresses of 100.64/10.
            Nat nat = net.AddNat(site, i == 0 ? $"203.0.113.{number}" : $"100.64.{number}.9", kind(), i == 0 ? delayMs : 1);
            way.Insert(0, nat);
            site = net.Insides[nat];
        }

        return new Household(way, site);
    }
}
