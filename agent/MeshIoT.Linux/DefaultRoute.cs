using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Linux.Netlink;

namespace MeshIoT.Linux;

/// <summary>A way to everywhere.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Interface">Out of which interface.</param>
/// <param name="Gateway">The next hop; null: everybody is on the link (a modem, a tunnel).</param>
/// <param name="Source">Our address for it, where the route says.</param>
/// <param name="Priority">The lowest is used.</param>
public sealed record DefaultRoute(AddressFamily Family, string Interface, IPAddress? Gateway, IPAddress? Source, uint Priority)
{
    /// <summary>
    /// The default routes of the main and the default table whose interface works, the one that is used first, IPv4 before IPv6. Routes out of
    /// <paramref name="exceptInterface"/> (our own tunnel) are left out. Throws a <see cref="Health.FaultException"/> when the kernel does not
    /// answer. rtnetlink(7), no rights needed.
    /// </summary>
    public static IReadOnlyList<DefaultRoute> List(string? exceptInterface = null)
    {
        using NetlinkSocket netlink = new();
        return List(netlink, LocalAddresses.ListLinks(netlink), exceptInterface);
    }

    internal static List<DefaultRoute> List(NetlinkSocket netlink, Dictionary<uint, LinkMessage> links, string? exceptInterface)
    {
        List<DefaultRoute> found = [];
        LocalAddresses.Check(netlink.List(new(RtNetlink.GetRoute, RtNetlink.Dump, RtNetlink.RouteBodySize), message =>
        {
            if (!DefaultRouteMessage.TryRead(message, out DefaultRouteMessage route) || !links.TryGetValue(route.Output, out LinkMessage link)
                || link.Name == exceptInterface || (link.Flags & RtNetlink.LinkUp) == 0)
            {
                return;
            }

            AddressFamily family = route.Family == Libc.AF_INET ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            DefaultRoute entry = new(family, link.Name, route.Gateway, route.Source, route.Priority);
            if (!found.Contains(entry))
            {
                found.Add(entry);
            }
        }));
        found.Sort(static (a, b) => a.Family != b.Family ? a.Family.CompareTo(b.Family)
            : a.Priority != b.Priority ? a.Priority.CompareTo(b.Priority) : string.CompareOrdinal(a.Interface, b.Interface));
        return found;
    }
}
