using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace MeshIoT.Interop.Nat;

/// <summary>Answers every datagram that comes to a site's host with the same bytes.</summary>
sealed class EchoServer : IDisposable
{
    /// <summary>Where it listens, on every address.</summary>
    public const int Port = 7007;

    readonly Socket socket;

    /// <summary>Starts to answer.</summary>
    public EchoServer(Site site)
    {
        socket = InNamespace.Run(site.Namespace, () =>
        {
            Socket made = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
            made.Bind(new IPEndPoint(IPAddress.IPv6Any, Port));
            return made;
        });
        _ = AnswerAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    async Task AnswerAsync()
    {
        byte[] buffer = new byte[64];
        while (true)
        {
            try
            {
                SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.IPv6Any, 0));
                _ = await socket.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), got.RemoteEndPoint);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                if (!socket.IsBound)
                {
                    return;
                }
            }
        }
    }
}
