using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>
/// One HTTP/2 client and the Noise connection under it. A wire that went silent is dropped as a whole: a connection pool would offer its dead
/// connection once more.
/// </summary>
internal sealed class ControlWire : IDisposable
{
    readonly SocketsHttpHandler handler;
    NoiseStream? connection;
    volatile bool isDropped;

    public ControlWire(Func<CancellationToken, Task<NoiseStream>> dial)
    {
        handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => Keep(await dial(cancellationToken).ConfigureAwait(false)),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        };
        Http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Http { get; }

    /// <summary>Ends every request on it and closes the connection.</summary>
    public void Dispose()
    {
        isDropped = true;
        Http.Dispose();
        handler.Dispose();
        Interlocked.Exchange(ref connection, null)?.Dispose();
    }

    Stream Keep(NoiseStream stream)
    {
        connection = stream;
        if (isDropped)
        {
            stream.Dispose(); // dropped while it was dialled
        }

        return stream;
    }
}
