using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace MeshIoT.Node.Network;

/// <summary>
/// Connections to the coordinator, to be ended when the address goes that they were made from: TCP itself would wait for minutes for an answer that
/// cannot come, and meanwhile nobody hears where this node is now. Any thread.
/// </summary>
internal sealed class OutgoingSockets
{
    readonly Lock gate = new();
    readonly List<WeakReference<Socket>> sockets = [];

    /// <summary>Takes note of a socket, which stays its owner's.</summary>
    public void Add(Socket socket)
    {
        lock (gate)
        {
            sockets.RemoveAll(static known => !known.TryGetTarget(out Socket? other) || other.SafeHandle.IsClosed);
            sockets.Add(new WeakReference<Socket>(socket));
        }
    }

    /// <summary>Ends those that were made from these addresses; how many there were.</summary>
    public int End(IReadOnlyList<IPAddress> gone)
    {
        int ended = 0;
        lock (gate)
        {
            foreach (WeakReference<Socket> known in sockets)
            {
                if (known.TryGetTarget(out Socket? socket) && LocalOf(socket) is { } local && Contains(gone, local))
                {
                    socket.Dispose();
                    ended++;
                }
            }
        }

        return ended;
    }

    static IPAddress? LocalOf(Socket socket)
    {
        try
        {
            return socket.LocalEndPoint is IPEndPoint { Address: var address } ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    static bool Contains(IReadOnlyList<IPAddress> list, IPAddress wanted)
    {
        foreach (IPAddress address in list)
        {
            // Scopes differ by who tells of an address.
            if (address.AddressFamily == wanted.AddressFamily && address.GetAddressBytes().AsSpan().SequenceEqual(wanted.GetAddressBytes()))
            {
                return true;
            }
        }

        return false;
    }
}
