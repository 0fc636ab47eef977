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
/// head and one body. A client that sends or takes its bytes one by one is given up as well as a silent one.
/// </summary>
public static class HttpConnection
{
    /// <summary>Requests served on one connection before it is closed.</summary>
    public const int MaxRequests = 1000;

    /// <summary>Bytes of an answer that a client must take within its idle time.</summary>
    const int Piece = 64 * 1024;

    /// <summary>Serves <paramref name="incoming"/> until it ends, and disposes it. Never throws for what the client does.</summary>
    /// <param name="incoming">The connection.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="idle">How long a client may be silent between two requests, how long a request may take to come, and a piece of an answer to go.</param>
    /// <param name="time">The clock for <paramref name="idle"/>.</param>
    /// <param name="ct">Ends the connection.</param>
    public static async Task ServeAsync(HttpIncoming incoming, HttpHandler handler, TimeSpan idle, TimeProvider time, CancellationToken ct)
    {
        await using (incoming.Stream.ConfigureAwait(false))
        {
            try
            {
                await LoopAsync(incoming, handler, idle, time, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away or was too slow: nothing is left to say to it.
            }
        }
    }

    static async Task LoopAsync(HttpIncoming incoming, HttpHandler handler, TimeSpan idle, TimeProvider time, CancellationToken ct)
    {
        Stream stream = incoming.Stream;
        byte[] buffer = new byte[2048];
        int held = 0;
        for (int served = 0; served < MaxRequests; served++)
        {
            HttpRequest? request;
            int headLength;
            long? began = held > 0 ? time.GetTimestamp() : null;
            while (true)
            {
                ParseResult result = HttpRequestParser.Parse(buffer.AsSpan(0, held), out request, out headLength, out int status);
                if (result == ParseResult.Complete)
                {
                    break;
                }

                if (result == ParseResult.Refused)
                {
                    await WriteAsync(stream, HttpResponse.Problem(Faults.RequestMalformed.With(status), status), false, false, idle, time, ct).ConfigureAwait(false);
                    return;
                }

                buffer = Grow(buffer, held, HttpRequestParser.MaxHead + 4);
                int n = await ReadAsync(stream, buffer.AsMemory(held), Left(idle, began, time), time, ct).ConfigureAwait(false);
                if (n == 0)
                {
                    return;
                }

                began ??= time.GetTimestamp();
                held += n;
            }

            int total = headLength + request!.ContentLength;
            while (held < total)
            {
                buffer = Grow(buffer, held, Math.Max(total, buffer.Length));
                int n = await ReadAsync(stream, buffer.AsMemory(held), Left(idle, began, time), time, ct).ConfigureAwait(false);
                if (n == 0)
                {
                    return;
                }

                held += n;
            }

            request.Caller = incoming.Caller;
            request.Body = buffer.AsMemory(headLength, request.ContentLength);
            HttpResponse response = await AnswerAsync(handler, request, ct).ConfigureAwait(false);
            bool isHead = request.Method == "HEAD";
            if (response.Writer is not null && !isHead)
            {
                await StreamAsync(stream, response, request.IsHttp11, idle, time, ct).ConfigureAwait(false);
                return;
            }

            bool keepAlive = request.KeepAlive && served < MaxRequests - 1 && response.Writer is null;
            await WriteAsync(stream, response, keepAlive, isHead, idle, time, ct).ConfigureAwait(false);
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

    static TimeSpan Left(TimeSpan idle, long? began, TimeProvider time) =>
        began is not { } start ? idle : idle - time.GetElapsedTime(start) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    static async ValueTask<int> ReadAsync(Stream stream, Memory<byte> into, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using CancellationTokenSource over = new(limit, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(over.Token, ct);
        return await stream.ReadAsync(into, both.Token).ConfigureAwait(false);
    }

    static async ValueTask WriteAsync(Stream stream, HttpResponse response, bool keepAlive, bool headOnly, TimeSpan idle, TimeProvider time, CancellationToken ct)
    {
        byte[] head = response.Head(keepAlive);
        ReadOnlyMemory<byte> body = headOnly ? default : response.Body;

        // One write for both, as far as one piece goes: one packet where it fits.
        int first = Math.Min(body.Length, Piece - Math.Min(head.Length, Piece));
        byte[] start = new byte[head.Length + first];
        head.CopyTo(start, 0);
        body[..first].CopyTo(start.AsMemory(head.Length));
        HttpBody plain = new(stream, null, isChunked: false, idle, time, ct);
        await plain.WriteWholeAsync(start).ConfigureAwait(false);
        for (int at = first; at < body.Length; at += Piece)
        {
            await plain.WriteWholeAsync(body.Slice(at, Math.Min(Piece, body.Length - at))).ConfigureAwait(false);
        }
    }

    static async Task StreamAsync(Stream stream, HttpResponse response, bool isHttp11, TimeSpan idle, TimeProvider time, CancellationToken ct)
    {
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        HttpBody body = new(stream, response.Head(keepAlive: false, isHttp11), isHttp11, idle, time, gone.Token);
        Task watch = WatchAsync(stream, gone);
        try
        {
            await response.Writer!(body, gone.Token).ConfigureAwait(false);
            await body.EndAsync().ConfigureAwait(false);
        }
        finally
        {
            await gone.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
        }
    }

    // Nobody sends anything behind a request whose answer is still coming: an end is what is waited for.
    static async Task WatchAsync(Stream stream, CancellationTokenSource gone)
    {
        try
        {
            _ = await stream.ReadAsync(new byte[1], gone.Token).ConfigureAwait(false);
            await gone.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            await gone.CancelAsync().ConfigureAwait(false);
        }
    }
}
