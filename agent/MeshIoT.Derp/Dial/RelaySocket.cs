using System;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.Derp;

/// <summary>Linux's options for a relay connection, and whether its address is still ours.</summary>
internal static class RelaySocket
{
    const int Tcp = 6, TcpUserTimeout = 18, TcpNotSentLowWater = 25;

    // What waits in the kernel can no longer be dropped for something newer: so little of it, but enough for the next few writes.
    const int NotSentBytes = 128 * 1024;

    // What is not acknowledged for so long is on no network that works.
    const int UserTimeoutMs = 30_000;

    /// <summary>Sets what the system takes; a system that lacks an option works without.</summary>
    public static void Tune(Socket socket)
    {
        TrySet(socket, TcpNotSentLowWater, NotSentBytes);
        TrySet(socket, TcpUserTimeout, UserTimeoutMs);
    }

    /// <summary>Whether a connection's own address is gone from this machine: then nothing will come over it any more.</summary>
    public static bool IsAddressGone(IPAddress local)
    {
        try
        {
            using Socket probe = new(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Bind(new IPEndPoint(local, 0));
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }

    static void TrySet(Socket socket, int option, int value)
    {
        try
        {
            socket.SetRawSocketOption(Tcp, option, BitConverter.GetBytes(value));
        }
        catch (SocketException)
        {
            // An older or other kernel.
        }
    }
}
