using System.Collections.Generic;
using System.Net;
using MeshIoT.Linux.Netlink;

namespace MeshIoT.Linux;

/// <summary>An address of this machine.</summary>
/// <param name="Address">The address; never an IPv6 link-local one, which means nothing without its interface.</param>
/// <param name="PrefixLength">Bits of the network it is on.</param>
/// <param name="Interface">The interface that has it.</param>
/// <param name="IsLoopback">Only this machine reaches it.</param>
public readonly record struct LocalAddress(IPAddress Address, int PrefixLength, string Interface, bool IsLoopback);

/// <summary>The addresses of this machine that a peer could be told. rtnetlink(7), no rights needed.</summary>
public static class LocalAddresses
{
    /// <summary>
    /// Lists the usable addresses of interfaces that are up, IPv4 first, each in the kernel's order. Tentative, duplicate and deprecated ones
    /// are left out, and so is <paramref name="exceptInterface"/> (our own tunnel) and, unless asked for, loopback.
    /// Throws a <see cref="Health.FaultException"/> when the kernel does not answer.
    /// </summary>
    public static IReadOnlyList<LocalAddress> List(string? exceptInterface = null, bool includeLoopback = false)
    {
        using NetlinkSocket netlink = new();
        return List(netlink, ListLinks(netlink), exceptInterface, includeLoopback);
    }

    /// <summary>All interfaces by their index.</summary>
    internal static Dictionary<uint, LinkMessage> ListLinks(NetlinkSocket netlink)
    {
        Dictionary<uint, LinkMessage> links = [];
        Check(netlink.List(new(RtNetlink.GetLink, RtNetlink.Dump, RtNetlink.LinkBodySize), message =>
        {
            if (LinkMessage.TryRead(message, out LinkMessage link))
            {
                links[link.Index] = link;
            }
        }));
        return links;
    }

    /// <summary>As <see cref="List(string?, bool)"/>, over a conversation that is open and with interfaces that are known.</summary>
    internal static List<LocalAddress> List(
        NetlinkSocket netlink, Dictionary<uint, LinkMessage> links, string? exceptInterface, bool includeLoopback)
    {
        const byte Unusable = RtNetlink.AddressTentative | RtNetlink.AddressDadFailed | RtNetlink.AddressDeprecated;
        List<LocalAddress> found = [];
        Check(netlink.List(new(RtNetlink.GetAddress, RtNetlink.Dump, RtNetlink.AddressBodySize), message =>
        {
            if (!AddressMessage.TryRead(message, out AddressMessage address) || (address.Flags & Unusable) != 0
                || address.Address.IsIPv6LinkLocal || !links.TryGetValue(address.Index, out LinkMessage link))
            {
                return;
            }

            bool loopback = (link.Flags & RtNetlink.LinkLoopback) != 0;
            bool wanted = (link.Flags & RtNetlink.LinkUp) != 0 && link.Name != exceptInterface && (includeLoopback || !loopback);
            LocalAddress entry = new(address.Address, address.PrefixLength, link.Name, loopback);
            if (wanted && !found.Contains(entry))
            {
                found.Add(entry);
            }
        }));
        return found;
    }

    internal static void Check(int errno)
    {
        if (NetlinkSocket.Check("list the addresses", errno) is { } fault)
        {
            throw fault.ToException();
        }
    }
}
