using System;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using MeshIoT.Provisioning;

namespace MeshIoT.Coordinator;

/// <summary>Works out what nodes should be told when nobody said.</summary>
internal static class LoginServers
{
    /// <summary>
    /// The URL of a listener; for one on all addresses, with this machine's first private IPv4 address. Null when plain http would not
    /// work for clients there, or nothing private is found: then a person must say it.
    /// </summary>
    public static Uri? Guess(IPEndPoint listening)
    {
        IPAddress? address = listening.Address;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            address = NetworkInterface.GetAllNetworkInterfaces()
                .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Select(a => a.Address)
                .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && LoginServer.IsPrivate(a));
        }

        return address is not null && LoginServer.IsPrivate(address) ? LoginServer.UrlOf(address.ToString(), listening.Port) : null;
    }
}
