using System;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>Where a connection comes from. A socket for both families says ::ffff:192.0.2.1 of IPv4; here it is 192.0.2.1.</summary>
internal static class RemoteAddress
{
    const int NetworkBytes = 8;

    /// <summary>The other end's address; <see cref="IPAddress.None"/> where it has none.</summary>
    public static IPAddress Of(ConnectionContext connection) => Plain((connection.RemoteEndPoint as IPEndPoint)?.Address) ?? IPAddress.None;

    /// <summary>The other end's address; null where it has none.</summary>
    public static IPAddress? Of(HttpContext context) => Plain(context.Connection.RemoteIpAddress);

    /// <summary>What limits count as one: an IPv4 address, or an IPv6 network of 64 bits, which one household has.</summary>
    public static IPAddress GroupOf(IPAddress address)
    {
        address = Plain(address)!;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }

    static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
