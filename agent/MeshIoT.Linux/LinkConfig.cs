using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;
using MeshIoT.Linux.Netlink;

namespace MeshIoT.Linux;

/// <summary>
/// The addresses, routes and rules of one interface, set through rtnetlink; what was added is taken away by <see cref="Dispose"/>.
/// Every call is idempotent and says what the end state is, so that a restart after a crash ends in the same place.
/// One thread at a time. Throws <see cref="FaultException"/>: network-config-denied, network-config-failed, link-missing.
/// </summary>
public sealed partial class LinkConfig : IDisposable
{
    readonly NetlinkSocket netlink;
    uint index;
    readonly HashSet<(IPAddress Address, int PrefixLength)> addresses = [];

    LinkConfig(NetlinkSocket netlink, string name, uint index)
    {
        this.netlink = netlink;
        Name = name;
        this.index = index;
    }

    /// <summary>The interface.</summary>
    public string Name { get; }

    /// <summary>What the kernel's notices about changes made here carry as their author, for a <see cref="LinkMonitor"/>.</summary>
    public uint NetlinkPort => netlink.Port;

    /// <summary>False once the kernel refused IPv6 (absent, or disabled on the interface); IPv6 calls then do nothing.</summary>
    public bool HasIPv6 { get; private set; } = true;

    /// <summary>Takes charge of the interface of this name.</summary>
    public static LinkConfig Open(string name)
    {
        NetlinkSocket netlink = new();
        try
        {
            return new LinkConfig(netlink, name, FindLink(netlink, name));
        }
        catch
        {
            netlink.Dispose();
            throw;
        }
    }

    /// <summary>The interface was made anew under the same name: nothing is there any more of what was set on the old one.</summary>
    public void Renew()
    {
        index = FindLink(netlink, Name);
        addresses.Clear();
        routes.Clear();
        HasIPv6 = true;
    }

    /// <summary>Sets the largest packet, in bytes.</summary>
    public void SetMtu(int mtu)
    {
        NetlinkRequest request = new(RtNetlink.NewLink, RtNetlink.Acknowledge, RtNetlink.LinkBodySize);
        request.SetBody(RtNetlink.LinkIndexAt, index);
        Change($"set the MTU of {Name} to {mtu}", request.Add(RtNetlink.LinkMtu, (uint)mtu));
    }

    /// <summary>Brings the interface up.</summary>
    public void Up() => SetUp(true);

    /// <summary>Takes the interface down; the kernel drops its routes.</summary>
    public void Down() => SetUp(false);

    /// <summary>Adds an address (1 to 32 or 128 bits of prefix), or leaves it as it is.</summary>
    public void AddAddress(IPAddress address, int prefixLength)
    {
        if (ChangeAddress($"add {address}/{prefixLength} to {Name}", address, prefixLength, add: true))
        {
            addresses.Add((address, prefixLength));
        }
    }

    /// <summary>Removes an address; fine when it is not there.</summary>
    public void RemoveAddress(IPAddress address, int prefixLength)
    {
        ChangeAddress($"remove {address}/{prefixLength} from {Name}", address, prefixLength, add: false);
        addresses.Remove((address, prefixLength));
    }

    /// <summary>
    /// Makes these host addresses (/32, /128) the only ones of the interface besides IPv6 link-local ones;
    /// an address that an earlier run left behind is removed.
    /// </summary>
    public void SetAddresses(IReadOnlyCollection<IPAddress> wanted)
    {
        foreach ((IPAddress address, int prefixLength) in ListAddresses())
        {
            bool keep = prefixLength == BitsOf(address) && Contains(wanted, address);
            if (!keep && !address.IsIPv6LinkLocal)
            {
                RemoveAddress(address, prefixLength);
            }
        }

        foreach (IPAddress address in wanted)
        {
            AddAddress(address, BitsOf(address));
        }
    }

    /// <summary>The addresses the interface has now.</summary>
    public IReadOnlyList<(IPAddress Address, int PrefixLength)> ListAddresses()
    {
        List<(IPAddress, int)> found = [];
        NetlinkRequest request = new(RtNetlink.GetAddress, RtNetlink.Dump, RtNetlink.AddressBodySize);
        Check($"list the addresses of {Name}", netlink.List(request, message =>
        {
            if (AddressMessage.TryRead(message, out AddressMessage entry) && entry.Index == index && !found.Contains((entry.Address, entry.PrefixLength)))
            {
                found.Add((entry.Address, entry.PrefixLength));
            }
        }));
        return found;
    }

    /// <summary>Takes away the routes, rules and addresses; errors on the way are passed over, there is nobody to act on them.</summary>
    public void Dispose()
    {
        try
        {
            foreach (IPNetwork route in new List<IPNetwork>(routes))
            {
                ChangeRoute(route, add: false);
            }

            if (rulesAdded)
            {
                RemoveRulesIfUnused(netlink);
            }

            foreach ((IPAddress address, int prefixLength) in new List<(IPAddress, int)>(addresses))
            {
                ChangeAddress(string.Empty, address, prefixLength, add: false, ignoreErrors: true);
            }
        }
        finally
        {
            netlink.Dispose();
        }
    }

    static uint FindLink(NetlinkSocket netlink, string name)
    {
        NetlinkRequest request = new(RtNetlink.GetLink, RtNetlink.Dump, RtNetlink.LinkBodySize);
        uint found = 0;
        int errno = netlink.List(request, message =>
        {
            if (LinkMessage.TryRead(message, out LinkMessage link) && link.Name == name)
            {
                found = link.Index;
            }
        });
        if (errno != 0)
        {
            throw NetlinkSocket.Check("list the interfaces", errno)!.ToException();
        }

        return found != 0 ? found : throw Faults.LinkMissing.With(name).ToException();
    }

    static bool Contains(IReadOnlyCollection<IPAddress> list, IPAddress address)
    {
        foreach (IPAddress entry in list)
        {
            if (entry.Equals(address))
            {
                return true;
            }
        }

        return false;
    }

    static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;

    static byte FamilyOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? (byte)Libc.AF_INET6 : (byte)Libc.AF_INET;

    static void Check(string what, int errno)
    {
        if (NetlinkSocket.Check(what, errno) is { } fault)
        {
            throw fault.ToException();
        }
    }

    void Change(string what, NetlinkRequest request) => Check(what, netlink.Change(request));

    void SetUp(bool up)
    {
        NetlinkRequest request = new(RtNetlink.NewLink, RtNetlink.Acknowledge, RtNetlink.LinkBodySize);
        request.SetBody(RtNetlink.LinkIndexAt, index);
        request.SetBody(RtNetlink.LinkFlagsAt, up ? RtNetlink.LinkUp : 0);
        request.SetBody(RtNetlink.LinkChangeAt, RtNetlink.LinkUp);
        Change($"bring {Name} {(up ? "up" : "down")}", request);
    }

    // True when the address is now as asked; false when it was passed over (IPv6 without IPv6, errors ignored).
    bool ChangeAddress(string what, IPAddress address, int prefixLength, bool add, bool ignoreErrors = false)
    {
        bool ipv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (ipv6 && !HasIPv6)
        {
            return false;
        }

        NetlinkRequest request = add
            ? new(RtNetlink.NewAddress, RtNetlink.Acknowledge | RtNetlink.Create | RtNetlink.Replace, RtNetlink.AddressBodySize)
            : new(RtNetlink.DeleteAddress, RtNetlink.Acknowledge, RtNetlink.AddressBodySize);
        request.Body[0] = FamilyOf(address.AddressFamily);
        request.Body[RtNetlink.AddressPrefixAt] = (byte)prefixLength;

        // No duplicate detection: nobody else is on a point-to-point tunnel, and the address serves at once.
        request.Body[RtNetlink.AddressFlagsAt] = ipv6 ? RtNetlink.AddressNoDad : (byte)0;
        request.SetBody(RtNetlink.AddressIndexAt, index);
        byte[] bytes = address.GetAddressBytes();
        int errno = netlink.Change(request.Add(RtNetlink.AddressLocal, bytes).Add(RtNetlink.AddressAddress, bytes));
        if (!add && errno == Errno.EADDRNOTAVAIL)
        {
            return true;
        }

        if (ipv6 && RefusesIPv6(errno))
        {
            HasIPv6 = false;
            return false;
        }

        if (!ignoreErrors)
        {
            Check(what, errno);
        }

        return errno == 0;
    }

    // EACCES is what an interface with disable_ipv6=1 answers; a missing right is EPERM.
    static bool RefusesIPv6(int errno) =>
        errno is Errno.EAFNOSUPPORT or Errno.EOPNOTSUPP or Errno.EPROTONOSUPPORT or Errno.EACCES;
}
