using System;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Linux;

namespace MeshIoT.Node.Network;

/// <summary>Sockets whose packets never go into our own tunnel, whatever routes the tailnet has. data-plane.md section 5.1.</summary>
internal static class MarkedSocket
{
    const int SolSocket = 1, SoMark = 36, IPProtocol = 0, MulticastAll = 49, AddSourceMembership = 39;

    /// <summary>A UDP socket bound here, able to share its address with others when <paramref name="shared"/>.</summary>
    public static Socket OpenUdp(IPEndPoint at, bool shared = false)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            Mark(socket);
            if (shared)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(at);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Hears what one sender says to a group, and nothing that others say: the kernel keeps them away. ip(7), RFC 3376.</summary>
    public static Socket OpenGroup(IPEndPoint group, IPAddress local, IPAddress sender)
    {
        Socket socket = OpenUdp(group, shared: true);
        try
        {
            socket.SetRawSocketOption(IPProtocol, MulticastAll, BitConverter.GetBytes(0));

            // struct ip_mreq_source: group, interface, sender.
            byte[] membership = [.. group.Address.GetAddressBytes(), .. local.GetAddressBytes(), .. sender.GetAddressBytes()];
            socket.SetRawSocketOption(IPProtocol, AddSourceMembership, membership);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Marks a socket; without the right to (then there is no tunnel of ours either) nothing happens.</summary>
    public static void Mark(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(SolSocket, SoMark, BitConverter.GetBytes(RoutingPlan.BypassMark));
        }
        catch (SocketException)
        {
            // EPERM.
        }
    }
}
