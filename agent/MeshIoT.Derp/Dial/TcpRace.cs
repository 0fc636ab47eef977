using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace MeshIoT.Derp;

/// <summary>
/// Connects to the first of several addresses that answers: one after the other, each a quarter of a second after the one before or at
/// once when that failed, IPv6 and IPv4 in turn (RFC 8305). Blocks its thread; the sockets do not block, and no other thread takes part.
/// </summary>
internal static class TcpRace
{
    const int MostAddresses = 8;

    static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250), Slice = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// A connected socket, each having been shown to <paramref name="prepare"/> first; the last failure is thrown when no address answers.
    /// </summary>
    public static Socket Connect(
        IReadOnlyList<IPAddress> addresses, int port, Action<Socket>? prepare, TimeProvider time, CancellationToken cancellationToken)
    {
        Queue<IPAddress> left = new(InTurn(addresses));
        List<Socket> tries = [];
        Socket? winner = null;
        SocketError failure = SocketError.HostUnreachable;
        try
        {
            long lastStart = 0;
            while (winner is null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (left.Count > 0 && (tries.Count == 0 || time.GetElapsedTime(lastStart) >= Stagger))
                {
                    Begin(left.Dequeue(), port, prepare, tries, ref failure);
                    lastStart = time.GetTimestamp();
                }
                else if (tries.Count == 0)
                {
                    throw new SocketException((int)failure);
                }

                winner = Look(tries, ref failure);
            }

            return winner;
        }
        finally
        {
            foreach (Socket loser in tries.Where(s => s != winner))
            {
                loser.Dispose();
            }
        }
    }

    static void Begin(IPAddress address, int port, Action<Socket>? prepare, List<Socket> tries, ref SocketError failure)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        tries.Add(socket);
        try
        {
            prepare?.Invoke(socket);
            socket.Connect(address, port);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // On its way.
        }
        catch (SocketException e)
        {
            failure = e.SocketErrorCode;
            tries.Remove(socket);
            socket.Dispose();
        }
    }

    // A connection that has come about or failed can be written to; its error says which.
    static Socket? Look(List<Socket> tries, ref SocketError failure)
    {
        if (tries.Count == 0)
        {
            return null;
        }

        List<Socket> done = [.. tries];
        Socket.Select(null, done, null, Slice);
        foreach (Socket socket in done)
        {
            var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error == SocketError.Success)
            {
                return socket;
            }

            failure = error;
            tries.Remove(socket);
            socket.Dispose();
        }

        return null;
    }

    static IEnumerable<IPAddress> InTurn(IReadOnlyList<IPAddress> addresses)
    {
        List<IPAddress> six = [], four = [];
        foreach (IPAddress address in addresses)
        {
            (address.AddressFamily == AddressFamily.InterNetworkV6 ? six : four).Add(address);
        }

        for (int i = 0, given = 0; given < MostAddresses && i < Math.Max(six.Count, four.Count); i++)
        {
            if (i < six.Count)
            {
                given++;
                yield return six[i];
            }

            if (i < four.Count && given < MostAddresses)
            {
                given++;
                yield return four[i];
            }
        }
    }
}
