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
    readonly Uri authority;
    readonly CancellationTokenSource closing = new();
    readonly SemaphoreSlim fetching = new(1, 1);
    MachinePublicKeyBox? serverKey;
    ControlWire wire;
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
        wire = new ControlWire(DialAsync);
    }

    /// <summary>Asks the login server for its key now, whatever is pinned or known, and judges nothing.</summary>
    public Task<MachinePublicKey> FetchServerKeyAsync(CancellationToken ct) => new ServerKeyFetch(options, faults).RunAsync(ct);

    /// <summary>Ends every request and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            await closing.CancelAsync().ConfigureAwait(false);
            wire.Dispose();
        }
    }

    async Task<NoiseStream> DialAsync(CancellationToken cancellationToken)
    {
        MachinePublicKey key = await KnowServerKeyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await dialer.DialAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (FaultException e) when (options.PinnedServerKey is null
            && (e.Report.Fault == Faults.ServerKeyNotProved || e.Report.Fault == Faults.CoordinatorClosedHandshake))
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

    /// <summary>Puts a new wire in place of one that no longer says anything; the next request dials.</summary>
    void Drop(ControlWire silent)
    {
        ControlWire fresh = new(DialAsync);
        if (Interlocked.CompareExchange(ref wire, fresh, silent) == silent)
        {
            silent.Dispose();
        }
        else
        {
            fresh.Dispose(); // somebody else was faster
        }
    }

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
    async Task<T> ExchangeAsync<T>(Func<HttpClient, CancellationToken, Task<T>> exchange, CancellationTokenSource deadline, Func<FaultException> late, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, closing.Token, ct);
        ControlWire used = wire;
        try
        {
            return await exchange(used.Http, linked.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not FaultException && !ct.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            Drop(used);
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
