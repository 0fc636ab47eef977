using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Web.Http;

/// <summary>
/// Accepts streams and serves each, never more than a fixed number at once: a client over the limit waits in the listener's
/// queue, so memory stays bounded whatever arrives. One address gets half of them at most: it can shut nobody else out.
/// </summary>
public sealed class HttpServer : IDisposable
{
    /// <summary>How long a client may be silent.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    readonly HttpHandler handler;
    readonly TimeProvider time;
    readonly SemaphoreSlim slots;
    readonly int mostOfOne;
    readonly Dictionary<IPAddress, int> open = [];
    long turnedAway;

    /// <summary>Makes a server that has at most <paramref name="maxConnections"/> open connections.</summary>
    public HttpServer(HttpHandler handler, int maxConnections, TimeProvider time)
    {
        (this.handler, slots, this.time) = (handler, new SemaphoreSlim(maxConnections), time);
        mostOfOne = Math.Max(1, maxConnections / 2);
    }

    /// <summary>Connections closed at once because their address had its share already.</summary>
    public long TurnedAway => Volatile.Read(ref turnedAway);

    /// <summary>Serves what <paramref name="accept"/> gives, from programs of this machine, until <paramref name="ct"/> ends it or it returns null.</summary>
    /// <param name="accept">Waits for the next connection; may throw <see cref="IOException"/> for one that failed.</param>
    /// <param name="ct">Ends all connections too.</param>
    public Task RunAsync(Func<CancellationToken, ValueTask<Stream?>> accept, CancellationToken ct) => RunAsync(
        async stop => await accept(stop).ConfigureAwait(false) is { } stream ? new HttpIncoming(stream, new HttpCaller(HttpDoor.Local, null)) : null, ct);

    /// <summary>Serves what <paramref name="accept"/> gives until <paramref name="ct"/> ends it or it returns null.</summary>
    /// <param name="accept">Waits for the next connection; may throw <see cref="IOException"/> for one that failed.</param>
    /// <param name="ct">Ends all connections too.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<HttpIncoming?>> accept, CancellationToken ct)
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

            HttpIncoming? incoming = null;
            try
            {
                incoming = await accept(ct).ConfigureAwait(false);
                if (incoming is null)
                {
                    return;
                }

                _ = ServeAsync(incoming, ct);
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
                if (incoming is null)
                {
                    slots.Release();
                }
            }
        }
    }

    async Task ServeAsync(HttpIncoming incoming, CancellationToken ct)
    {
        try
        {
            if (!TryEnter(incoming.Caller.Address))
            {
                Interlocked.Increment(ref turnedAway);
                await incoming.Stream.DisposeAsync().ConfigureAwait(false);
                return;
            }

            try
            {
                await HttpConnection.ServeAsync(incoming, handler, Idle, time, ct).ConfigureAwait(false);
            }
            finally
            {
                Leave(incoming.Caller.Address);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    bool TryEnter(IPAddress? address)
    {
        if (address is null)
        {
            return true;
        }

        lock (open)
        {
            int now = open.GetValueOrDefault(address);
            if (now >= mostOfOne)
            {
                return false;
            }

            open[address] = now + 1;
            return true;
        }
    }

    void Leave(IPAddress? address)
    {
        if (address is null)
        {
            return;
        }

        lock (open)
        {
            if (open[address] == 1)
            {
                open.Remove(address);
            }
            else
            {
                open[address]--;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => slots.Dispose();
}
