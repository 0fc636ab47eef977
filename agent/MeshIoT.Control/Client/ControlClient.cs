using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Control;

/// <summary>
/// Speaks with one coordinator over ts2021: HTTP/2 with prior knowledge inside one Noise connection, which is dialled when needed and dialled
/// anew after it broke. It never retries by itself but where the server asks for it (429); the loops and their <see cref="Backoff"/> are the
/// node's. What a person must know comes as <see cref="FaultException"/>, without any secret. Any thread. control-plane.md sections 3 to 5.
/// </summary>
public sealed partial class ControlClient : IAsyncDisposable
{
    const int MaxBody = 1024 * 1024, MaxErrorText = 4096;

    readonly ControlOptions options;
    readonly ConnectFaults faults;
    readonly ControlDialer dialer;
    readonly SocketsHttpHandler handler;
    readonly HttpClient http;
    readonly Uri authority;
    readonly CancellationTokenSource closing = new();
    readonly SemaphoreSlim fetching = new(1, 1);
    MachinePublicKeyBox? serverKey;
    NoiseStream? connection;
    int disposed;

    /// <summary>Nothing is sent before the first request.</summary>
    public ControlClient(ControlOptions options)
    {
        this.options = options;
        faults = new ConnectFaults(options.LoginServer, options.Time);
        dialer = new ControlDialer(options, faults);
        serverKey = options.PinnedServerKey is { } pinned ? new(pinned) : null;

        // One authority for everything: the connection pool dials once per authority. The scheme is http because Noise is below.
        authority = new UriBuilder(Uri.UriSchemeHttp, options.LoginServer.IdnHost, options.LoginServer.Port).Uri;
        handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        };
        http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Asks the login server for its key now, whatever is pinned or known, and judges nothing.</summary>
    public Task<MachinePublicKey> FetchServerKeyAsync(CancellationToken ct) => new ServerKeyFetch(options, faults).RunAsync(ct);

    /// <summary>Ends every request and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            await closing.CancelAsync().ConfigureAwait(false);
            http.Dispose();
            handler.Dispose();
            DropConnection();
        }
    }

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        MachinePublicKey key = await KnowServerKeyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            NoiseStream stream = await dialer.DialAsync(key, cancellationToken).ConfigureAwait(false);
            connection = stream;
            return stream;
        }
        catch (FaultException e) when (e.Report.Fault == Faults.ServerKeyNotProved && options.PinnedServerKey is null)
        {
            serverKey = null; // ask again next time; whoever judges keys sees the new one
            throw;
        }
    }

    async Task<MachinePublicKey> KnowServerKeyAsync(CancellationToken cancellationToken)
    {
        await fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (serverKey is null)
            {
                MachinePublicKey fetched = await FetchServerKeyAsync(cancellationToken).ConfigureAwait(false);
                if (options.AcceptServerKey is { } accept && !accept(fetched))
                {
                    throw Faults.ServerKeyNotAccepted.With(faults.Server, fetched.ShortString()).ToException();
                }

                serverKey = new(fetched);
            }

            return serverKey.Key;
        }
        finally
        {
            fetching.Release();
        }
    }

    /// <summary>Closes the transport under the pool, which then dials anew: for a connection that no longer says anything.</summary>
    void DropConnection() => Interlocked.Exchange(ref connection, null)?.Dispose();

    HttpRequestMessage NewRequest(HttpMethod method, string pathAndQuery, byte[]? body, string contentType = "application/json")
    {
        HttpRequestMessage request = new(method, new Uri(authority, pathAndQuery)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        return request;
    }

    HttpRequestMessage NewPost(string path, byte[] json, NodePublicKey node)
    {
        HttpRequestMessage request = NewRequest(HttpMethod.Post, path, json);
        request.Headers.TryAddWithoutValidation("Ts-Lb", node.ToString());
        return request;
    }

    /// <summary>Runs one exchange; everything but the caller's own cancellation becomes a fault.</summary>
    async Task<T> ExchangeAsync<T>(Func<CancellationToken, Task<T>> exchange, CancellationTokenSource deadline, Func<FaultException> late, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, closing.Token, ct);
        try
        {
            return await exchange(linked.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not FaultException && !ct.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            DropConnection();
            throw late();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested || closing.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            throw faults.From(e);
        }
    }

    FaultException Silent(TimeSpan silence) => Faults.CoordinatorSilent.With(faults.Server, (int)silence.TotalSeconds).ToException();

    /// <summary>A status that is not 200: the words of the body, cut and cleaned, tell why.</summary>
    async Task<FaultException> JudgeStatusAsync(HttpResponseMessage response, string? secret, CancellationToken ct)
    {
        byte[]? body = await BoundedBody.ReadAsync(response.Content, MaxErrorText, ct).ConfigureAwait(false);
        string words = RegisterRefusal.Redact(Encoding.UTF8.GetString(body ?? []), secret);
        int status = (int)response.StatusCode;
        return status == 400 && words.Contains("version", StringComparison.OrdinalIgnoreCase)
            ? Faults.CoordinatorTooNew.With(faults.Server, words).ToException()
            : Faults.CoordinatorRequestFailed.With(faults.Server, words.Length == 0 || words[0] == '<' ? $"HTTP {status}" : $"HTTP {status}, {words}").ToException();
    }

    /// <summary>A key that can be swapped in one step.</summary>
    sealed record MachinePublicKeyBox(MachinePublicKey Key);
}
