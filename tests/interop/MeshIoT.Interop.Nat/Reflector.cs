using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace MeshIoT.Interop.Nat;

/// <summary>
/// Tells a sender which address it was seen from, by whichever of its three sockets the sender wants to hear from: the first
/// address, its second port, and the second address. That is what RFC 5780 needs to tell NATs apart.
/// </summary>
sealed class Reflector
{
    /// <summary>Which of the sockets: the one by which RFC 4787's tests begin, its other port, its other address.</summary>
    public const int First = 0, OtherPort = 1, OtherAddress = 2;

    readonly Socket[] sockets;

    Reflector(Socket[] sockets)
    {
        this.sockets = sockets;
        for (int i = 0; i < sockets.Length; i++)
        {
            _ = AnswerAsync(sockets[i]);
        }
    }

    /// <summary>Where to send to, by the constants above.</summary>
    public EndPoint this[int which] => sockets[which].LocalEndPoint!;

    /// <summary>Opens the sockets in the namespace.</summary>
    public static Reflector Open(string ns, IPAddress first, IPAddress second, int port) => new(InNamespace.Run(ns, () => new[]
    {
        Bind(first, port), Bind(first, port + 1), Bind(second, port),
    }));

    /// <summary>Sends one datagram from the first socket to an address that may never have sent anything.</summary>
    public async Task KnockAsync(IPEndPoint to)
    {
        Socket from = sockets[First];
        for (int i = 0; i < 3; i++)
        {
            _ = await from.SendToAsync("knock"u8.ToArray(), to);
        }
    }

    static Socket Bind(IPAddress address, int port)
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    // A request: one byte for the socket that shall answer. The answer: that byte, and the text of the address seen.
    async Task AnswerAsync(Socket socket)
    {
        byte[] buffer = new byte[64];
        while (true)
        {
            SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(
                socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
            if (got.ReceivedBytes >= 1 && buffer[0] < sockets.Length)
            {
                byte[] answer = [buffer[0], .. System.Text.Encoding.ASCII.GetBytes(got.RemoteEndPoint.ToString()!)];
                _ = await sockets[buffer[0]].SendToAsync(answer, got.RemoteEndPoint);
            }
        }
    }
}
