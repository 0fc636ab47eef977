using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Web.Http;

/// <summary>Answers one request; a <see cref="FaultException"/> becomes problem details.</summary>
public delegate ValueTask<HttpResponse> HttpHandler(HttpRequest request, CancellationToken ct);

/// <summary>
/// Serves HTTP/1.1 on one stream, whatever carries it (a socket, a unix socket, a stream of the userspace IP stack): requests
/// one after the other, at most <see cref="MaxRequests"/>, each with a time limit, in a buffer that never grows beyond one
/// head and one body.
/// </summary>
public static class HttpConnection
{
    /// <summary>Requests served on one connection before it is closed.</summary>
    public const int MaxRequests = 1000;

    /// <summary>Serves <paramref name="stream"/> until it ends, and disposes it. Never throws for what the client does.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="idle">How long a client may be silent, within a request or between two.</param>
    /// <param name="time">The clock for <paramref name="idle"/>.</param>
    /// <param name="ct">Ends the connection.</param>
    public static async Task ServeAsync(Stream stream, HttpHandler handler, TimeSpan idle, TimeProvider time, CancellationToken ct)
    {
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                await LoopAsync(stream, handler, idle, time, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away or was too slow: nothing is left to say to it.
            }
        }
    }

    static async Task LoopAsync(Stream stream, HttpHandler handler, TimeSpan idle, TimeProvider time, CancellationToken ct)
    {
        byte[] buffer = new byte[2048];
        int held = 0;
        for (int served = 0; served < MaxRequests; served++)
        {
            HttpRequest? request;
            int headLength;
            while (true)
            {
                ParseResult result = HttpRequestParser.Parse(buffer.AsSpan(0, held), out request, out headLength, out int status);
                if (result == ParseResult.Complete)
                {
                    break;
                }

                if (result == ParseResult.Refused)
                {
                    await WriteAsync(stream, HttpResponse.Problem(Faults.RequestMalformed.With(status), status), false, false, ct).ConfigureAwait(false);
                    return;
                }

                buffer = Grow(buffer, held, HttpRequestParser.MaxHead + 4);
                int n = await ReadAsync(stream, buffer.AsMemory(held), idle, time, ct).ConfigureAwait(false);
                if (n == 0)
                {
                    return;
                }

                held += n;
            }

            int total = headLength + request!.ContentLength;
            while (held < total)
            {
                buffer = Grow(buffer, held, Math.Max(total, buffer.Length));
                int n = await ReadAsync(stream, buffer.AsMemory(held), idle, time, ct).ConfigureAwait(false);
                if (n == 0)
                {
                    return;
                }

                held += n;
            }

            request.Body = buffer.AsMemory(headLength, request.ContentLength);
            HttpResponse response = await AnswerAsync(handler, request, ct).ConfigureAwait(false);
            bool keepAlive = request.KeepAlive && served < MaxRequests - 1;
            await WriteAsync(stream, response, keepAlive, request.Method == "HEAD", ct).ConfigureAwait(false);
            if (!keepAlive)
            {
                return;
            }

            Buffer.BlockCopy(buffer, total, buffer, 0, held - total);
            held -= total;
        }
    }

    static async ValueTask<HttpResponse> AnswerAsync(HttpHandler handler, HttpRequest request, CancellationToken ct)
    {
        try
        {
            return await handler(request, ct).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            return HttpResponse.Problem(e.Report);
        }
    }

    static byte[] Grow(byte[] buffer, int held, int limit)
    {
        if (held < buffer.Length)
        {
            return buffer;
        }

        byte[] larger = new byte[Math.Min(limit, buffer.Length * 2)];
        Buffer.BlockCopy(buffer, 0, larger, 0, held);
        return larger;
    }

    static async ValueTask<int> ReadAsync(Stream stream, Memory<byte> into, TimeSpan idle, TimeProvider time, CancellationToken ct)
    {
        using CancellationTokenSource limit = new(idle, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        return await stream.ReadAsync(into, both.Token).ConfigureAwait(false);
    }

    static async ValueTask WriteAsync(Stream stream, HttpResponse response, bool keepAlive, bool headOnly, CancellationToken ct)
    {
        byte[] head = response.Head(keepAlive);
        if (headOnly || response.Body.IsEmpty)
        {
            await stream.WriteAsync(head, ct).ConfigureAwait(false);
        }
        else
        {
            // One write for both: one packet where it fits.
            byte[] whole = new byte[head.Length + response.Body.Length];
            head.CopyTo(whole, 0);
            response.Body.CopyTo(whole.AsMemory(head.Length));
            await stream.WriteAsync(whole, ct).ConfigureAwait(false);
        }

        await stream.FlushAsync(ct).ConfigureAwait(false);
    }
}
