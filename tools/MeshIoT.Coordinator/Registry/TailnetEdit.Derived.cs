using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace MeshIoT.Coordinator;

/// <content>What follows from the nodes' fields: routes and their election, who has something new to show, whose access is to be worked out again.</content>
internal sealed partial class TailnetEdit
{
    readonly HashSet<long> shown = [];
    readonly HashSet<long> access = [];

    /// <summary>Nodes of which netmaps may have something new to show.</summary>
    public IReadOnlyCollection<long> ShownNodes => shown;

    /// <summary>Nodes whose access must be worked out again: new, gone, or with another user, tags, routes or approval.</summary>
    public IReadOnlyCollection<long> AccessNodes => access;

    /// <summary>True when everybody's access must be worked out again: other users or another policy.</summary>
    public bool HasNewRules => users.Count > 0 || HasNewPolicy;

    /// <summary>Puts a policy in force that was read and worked out for <see cref="Current"/>.</summary>
    public void Put(PolicyRecord policy, Access made) => Current = Current with { Policy = policy, Access = made, Revision = Current.Revision + 1 };

    /// <summary>Brings <see cref="Tailnet.Access"/> up to date with what has changed since the last time. Once, before the tailnet is published.</summary>
    public void WorkOutAccess()
    {
        if (users.Count > 0)
        {
            Current = Current with { Access = Access.Of(Current.Access.Document, Current) };
        }
        else if (access.Count > 0)
        {
            Current = Current with { Access = Current.Access.With(Current, access) };
        }
    }

    static NodeRecord Derived(NodeRecord node, NodeRecord? old)
    {
        ImmutableArray<IPNetwork> announced = old is not null && ReferenceEquals(old.Hostinfo, node.Hostinfo) ? old.Announced : RouteList.Announced(node.Hostinfo);
        ImmutableArray<IPNetwork> routes = RouteList.Effective(announced, node.ApprovedRoutes);
        return node with
        {
            Announced = Same(announced, node.Announced) ? node.Announced : announced,
            Routes = Same(routes, node.Routes) ? node.Routes : routes,
            ShownEndpoints = old is null && node.ShownEndpoints.IsEmpty ? node.Endpoints : node.ShownEndpoints,
        };
    }

    NodeRecord Derive(NodeRecord node, NodeRecord? old)
    {
        node = Derived(node, old);
        return node with { Expired = node.IsExpired(now) };
    }

    void MarkShown(long id)
    {
        shown.Add(id);
        Current = Current with { Revision = Current.Revision + 1 };
    }

    void MarkAccess(NodeRecord? old, NodeRecord? node)
    {
        if (old is null || node is null || old.UserId != node.UserId || old.Approved != node.Approved || !old.Tags.SequenceEqual(node.Tags) || !Same(old.Routes, node.Routes))
        {
            access.Add((old ?? node)!.Id);
        }
    }

    // Subnet routes are served by one node at a time: who has it keeps it while it is well, else the lowest ID that is, else the lowest ID.
    void Elect(NodeRecord? old, NodeRecord? node)
    {
        ImmutableArray<IPNetwork> before = Served(old), after = Served(node);
        if (before.IsEmpty && after.IsEmpty)
        {
            return;
        }

        bool sameHealth = old is not null && node is not null && IsWell(old) == IsWell(node);
        if (sameHealth && Same(before, after))
        {
            return;
        }

        long id = (old ?? node)!.Id;
        foreach (IPNetwork route in before.Union(after).ToList())
        {
            Elect(route, id, serves: after.Contains(route));
        }
    }

    void Elect(IPNetwork route, long id, bool serves)
    {
        ImmutableSortedSet<long> servers = Current.RouteServers.TryGetValue(route, out ImmutableSortedSet<long>? known) ? known : [];
        servers = serves ? servers.Add(id) : servers.Remove(id);
        long holder = Current.Primaries.GetValueOrDefault(route);
        long chosen = servers.Contains(holder) && IsWell(Current.Nodes[holder]) ? holder
            : servers.FirstOrDefault(s => IsWell(Current.Nodes[s])) is var well and not 0 ? well
            : servers.Contains(holder) ? holder
            : servers.FirstOrDefault();
        Current = Current with
        {
            RouteServers = servers.IsEmpty ? Current.RouteServers.Remove(route) : Current.RouteServers.SetItem(route, servers),
            Primaries = chosen == 0 ? Current.Primaries.Remove(route) : Current.Primaries.SetItem(route, chosen),
        };
        if (chosen == holder)
        {
            return;
        }

        foreach (long changed in (long[])[holder, chosen])
        {
            if (changed != 0)
            {
                access.Add(changed);
                MarkShown(changed);
            }
        }
    }

    static ImmutableArray<IPNetwork> Served(NodeRecord? node) => node is { Approved: true } ? node.Routes.RemoveAll(RouteList.IsExit) : [];

    static bool IsWell(NodeRecord node) => node is { Online: true, Expired: false };

    static bool Same(ImmutableArray<IPNetwork> a, ImmutableArray<IPNetwork> b) => a.AsSpan().SequenceEqual(b.AsSpan());
}
