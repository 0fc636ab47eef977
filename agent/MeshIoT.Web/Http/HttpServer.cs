using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Web.Http;

/// <summary>
/// Accepts streams and serves each, never more than a fixed number at once: a client over the limit waits in the listener's
/// queue, so memory stays bounded whatever arrives.
/// </summary>
public sealed class HttpServer : IDisposable
{
    /// <summary>How long a client may be silent.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    readonly HttpHandler handler;
    readonly TimeProvider time;
    readonly SemaphoreSlim slots;

    /// <summary>Makes a server that has at most <paramref name="maxConnections"/> open connections.</summary>
    public HttpServer(HttpHandler handler, int maxConnections, TimeProvider time) =>
        (this.handler, slots, this.time) = (handler, new SemaphoreSlim(maxConnections), time);

    /// <summary>Serves what <paramref name="accept"/> gives until <paramref name="ct"/> ends it or it returns null.</summary>
    /// <param name="accept">Waits for the next connection; may throw <see cref="IOException"/> for one that failed.</param>
    /// <param name="ct">Ends all connections too.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<Stream?>> accept, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await slots.WaitAsync(ct).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Stream? stream = null;
            try
            {
                stream = await accept(ct).ConfigureAwait(false);
                if (stream is null)
                {
                    return;
                }

                _ = ServeAsync(stream, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                // That one connection failed before it began; the next may not.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                if (stream is null)
                {
                    slots.Release();
                }
            }
        }
    }

    async Task ServeAsync(Stream stream, CancellationToken ct)
    {
        try
        {
            await HttpConnection.ServeAsync(stream, handler, Idle, time, ct).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => slots.Dispose();
}
