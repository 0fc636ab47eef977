using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.PortMap;

namespace MeshIoT.Node.Network;

/// <summary>Which router could map our port: the next hop of the default route, when it is one of a private network.</summary>
/// <param name="Bind">The address the UDP port is bound to; null: all.</param>
/// <param name="OwnInterface">The tunnel, never a way to a router; null in userspace mode.</param>
internal sealed record GatewayFinder(IPAddress? Bind, string? OwnInterface)
{
    bool Everywhere => Bind is null || Bind.Equals(IPAddress.Any) || Bind.Equals(IPAddress.IPv6Any);

    /// <summary>False when the port is bound where no router leads to.</summary>
    public bool IsPossible => Everywhere || (Bind!.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(Bind));

    /// <summary>The router and our address on its network; null: none that could be asked.</summary>
    public PortMapNetwork? Find(int port)
    {
        if (!IsPossible)
        {
            return null;
        }

        try
        {
            DefaultRoute? route = DefaultRoute.List(OwnInterface).FirstOrDefault(static r => r.Family == AddressFamily.InterNetwork);
            if (route is null || !PortMapNetwork.IsPossibleGateway(route.Gateway))
            {
                return null;
            }

            IPAddress? local = Everywhere ? LocalFor(route) : Bind;
            return local is null ? null : new PortMapNetwork(route.Gateway!, local, (ushort)port);
        }
        catch (FaultException)
        {
            return null;
        }
    }

    // The address the kernel would take: the route's own, else the one on the router's network, else the interface's first.
    IPAddress? LocalFor(DefaultRoute route)
    {
        if (route.Source is { } source)
        {
            return source;
        }

        List<LocalAddress> here = [.. LocalAddresses.List(OwnInterface)
            .Where(a => a.Interface == route.Interface && a.Address.AddressFamily == AddressFamily.InterNetwork)];
        LocalAddress[] near = [.. here.Where(a => IsOn(a, route.Gateway!))];
        return near.Length > 0 ? near[0].Address : here.Count > 0 ? here[0].Address : null;
    }

    static bool IsOn(LocalAddress address, IPAddress other)
    {
        uint mask = address.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - address.PrefixLength);
        return ((Number(address.Address) ^ Number(other)) & mask) == 0;
    }

    static uint Number(IPAddress address)
    {
        byte[] b = address.GetAddressBytes();
        return ((uint)b[0] << 24) | ((uint)b[1] << 16) | ((uint)b[2] << 8) | b[3];
    }
}
