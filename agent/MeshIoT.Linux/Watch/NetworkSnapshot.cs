using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Linux.Netlink;

namespace MeshIoT.Linux.Watch;

/// <summary>The machine's network as it is at one moment, as far as paths depend on it.</summary>
/// <param name="Addresses">Usable addresses, without loopback and the tunnel's.</param>
/// <param name="Routes">Default routes.</param>
/// <param name="Carriers">Interfaces that are up and have a carrier, without loopback and the tunnel.</param>
sealed record NetworkSnapshot(IReadOnlyList<LocalAddress> Addresses, IReadOnlyList<DefaultRoute> Routes, IReadOnlySet<string> Carriers)
{
    const uint Works = RtNetlink.LinkUp | RtNetlink.LinkLowerUp;

    /// <summary>Asks the kernel; throws a <see cref="Health.FaultException"/> when it does not answer.</summary>
    public static NetworkSnapshot Take(NetlinkSocket netlink, string? ownInterface, Dictionary<uint, LinkMessage> links) => new(
        LocalAddresses.List(netlink, links, ownInterface, includeLoopback: false),
        DefaultRoute.List(netlink, links, ownInterface),
        links.Values.Where(link => (link.Flags & Works) == Works && (link.Flags & RtNetlink.LinkLoopback) == 0 && link.Name != ownInterface)
            .Select(static link => link.Name).ToHashSet());

    /// <summary>What is different now; null: nothing.</summary>
    public LinkChange? CompareTo(NetworkSnapshot now)
    {
        IPAddress[] gone = [.. Addresses.Select(static a => a.Address).Except(now.Addresses.Select(static a => a.Address))];
        IPAddress[] fresh = [.. now.Addresses.Select(static a => a.Address).Except(Addresses.Select(static a => a.Address))];
        bool routes = !Routes.SequenceEqual(now.Routes);

        // A carrier counts where the machine's traffic may go: an interface that has an address.
        bool carrier = now.Carriers.Except(Carriers).Any(name => now.Addresses.Any(a => a.Interface == name));
        bool same = gone.Length == 0 && fresh.Length == 0 && !routes && Carriers.SetEquals(now.Carriers);
        return same ? null : new LinkChange
        {
            IsMajor = gone.Length > 0 || fresh.Length > 0 || routes || carrier,
            DefaultRouteChanged = routes,
            Gone = gone,
            New = fresh,
            CarrierUp = carrier,
        };
    }
}
