using System;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.PortMap;

/// <summary>What a mapping is for: one port of one address of this machine, at one gateway.</summary>
/// <param name="Gateway">The default route's next hop, IPv4.</param>
/// <param name="Local">This machine's address on the gateway's network, IPv4.</param>
/// <param name="Port">The local UDP port, 1 to 65535.</param>
public sealed record PortMapNetwork(IPAddress Gateway, IPAddress Local, ushort Port)
{
    /// <summary>
    /// Whether a gateway is one that port mapping may be asked of: a private IPv4 address (RFC 1918). Anything else is
    /// no home router, and asking there would be asking strangers.
    /// </summary>
    public static bool IsPossibleGateway(IPAddress? address)
    {
        Span<byte> b = stackalloc byte[4];
        return address is { AddressFamily: AddressFamily.InterNetwork } && address.TryWriteBytes(b, out _)
            && (b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168));
    }

    /// <summary>
    /// Whether the world can reach an address: unicast, and neither unspecified, private, shared (carrier NAT), loopback,
    /// link-local nor reserved. RFC 6890.
    /// </summary>
    public static bool IsReachable(IPAddress address)
    {
        Span<byte> b = stackalloc byte[4];
        if (address.AddressFamily != AddressFamily.InterNetwork || !address.TryWriteBytes(b, out _) || IsPossibleGateway(address))
        {
            return false;
        }

        bool shared = b[0] == 100 && (b[1] & 0xc0) == 64;
        bool linkLocal = b[0] == 169 && b[1] == 254;
        bool protocols = b[0] == 192 && b[1] == 0 && b[2] == 0;
        return b[0] is not (0 or 127 or >= 224) && !shared && !linkLocal && !protocols;
    }
}
