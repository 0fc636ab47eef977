using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>
/// The one place where TCP connections to a coordinator begin. A socket for each address: one that failed cannot be used again, and the
/// runtime's own way over several addresses gives up the options that <see cref="ControlOptions.PrepareSocket"/> set.
/// </summary>
internal static class ControlSocket
{
    /// <summary>Connects to one address.</summary>
    public static async Task<Stream> ConnectAsync(IPAddress address, int port, ControlOptions options, CancellationToken cancellationToken)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            options.PrepareSocket?.Invoke(socket);
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to the first address of a name that answers, in the order of the system's resolver; the last failure speaks for all.</summary>
    public static async Task<Stream> ConnectAsync(string host, int port, ControlOptions options, CancellationToken cancellationToken)
    {
        SocketException? failure = null;
        foreach (IPAddress address in await ResolveAsync(host, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                return await ConnectAsync(address, port, options, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>HTTP to the coordinator itself: it keeps no cookies, asks no proxy and follows nobody elsewhere.</summary>
    public static SocketsHttpHandler NewHandler(ControlOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = options.DialTimeout,
        ConnectCallback = async (context, cancellationToken) =>
            await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, options, cancellationToken).ConfigureAwait(false),
    };

    static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
}
