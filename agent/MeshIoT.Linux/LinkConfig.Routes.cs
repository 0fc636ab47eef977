using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Linux.Netlink;

namespace MeshIoT.Linux;

/// <content>Routes of the tailnet, all in <see cref="RoutingPlan.Table"/> and all out of this interface.</content>
public sealed partial class LinkConfig
{
    readonly HashSet<IPNetwork> routes = [];
    int table = RoutingPlan.Table;

    /// <summary>Adds a route into the tunnel, or leaves it as it is. The interface must be up.</summary>
    public void AddRoute(IPNetwork destination)
    {
        int errno = ChangeRoute(destination, add: true);
        if (destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 && RefusesIPv6(errno))
        {
            HasIPv6 = false;
            return;
        }

        Check($"route {destination} to {Name}", errno);
        routes.Add(destination);
    }

    /// <summary>Removes a route; fine when it is not there.</summary>
    public void RemoveRoute(IPNetwork destination)
    {
        int errno = ChangeRoute(destination, add: false);
        Check($"remove the route {destination} to {Name}", errno is Errno.ESRCH or Errno.ENOENT ? 0 : errno);
        routes.Remove(destination);
    }

    /// <summary>
    /// Makes these the only routes of this interface in the table; only the difference is sent to the kernel.
    /// Other interfaces' routes in the same table are left alone.
    /// </summary>
    public void SetRoutes(IReadOnlyCollection<IPNetwork> wanted)
    {
        HashSet<IPNetwork> rest = [.. wanted];
        foreach (IPNetwork present in ListRoutes())
        {
            if (!rest.Remove(present))
            {
                RemoveRoute(present);
            }
            else
            {
                routes.Add(present);
            }
        }

        foreach (IPNetwork destination in rest)
        {
            AddRoute(destination);
        }
    }

    /// <summary>The routes that this program, or an earlier run of it, gave the interface in the table.</summary>
    public IReadOnlyList<IPNetwork> ListRoutes()
    {
        HashSet<IPNetwork> found = [];
        Check("list the routes", ListTable(netlink, table, route =>
        {
            // The kernel's own routes (of an IPv6 address, say) are not ours to judge.
            if (route.Output == index && route.Protocol == RtNetlink.RouteProtocolBoot)
            {
                found.Add(route.Destination);
            }
        }));
        return [.. found];
    }

    static int ListTable(NetlinkSocket netlink, int table, Action<RouteMessage> visitor)
    {
        NetlinkRequest request = new(RtNetlink.GetRoute, RtNetlink.Dump, RtNetlink.RouteBodySize);
        return netlink.List(request, message =>
        {
            if (RouteMessage.TryRead(message, out RouteMessage route) && route.Table == table)
            {
                visitor(route);
            }
        });
    }

    int ChangeRoute(IPNetwork destination, bool add)
    {
        bool ipv6 = destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        if (ipv6 && !HasIPv6)
        {
            return Errno.EAFNOSUPPORT;
        }

        NetlinkRequest request = add
            ? new(RtNetlink.NewRoute, RtNetlink.Acknowledge | RtNetlink.Create | RtNetlink.Replace, RtNetlink.RouteBodySize)
            : new(RtNetlink.DeleteRoute, RtNetlink.Acknowledge, RtNetlink.RouteBodySize);
        request.Body[0] = FamilyOf(destination.BaseAddress.AddressFamily);
        request.Body[RtNetlink.RoutePrefixAt] = (byte)destination.PrefixLength;
        request.Body[RtNetlink.RouteTableAt] = (byte)table;
        request.Body[RtNetlink.RouteProtocolAt] = RtNetlink.RouteProtocolBoot;
        request.Body[RtNetlink.RouteScopeAt] = ipv6 ? RtNetlink.ScopeUniverse : RtNetlink.ScopeLink;
        request.Body[RtNetlink.RouteTypeAt] = RtNetlink.RouteUnicast;
        request.Add(RtNetlink.RouteDestination, destination.BaseAddress.GetAddressBytes());
        return netlink.Change(request.Add(RtNetlink.RouteOutput, index).Add(RtNetlink.RouteTable, (uint)table));
    }
}
