using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Web.Http;

namespace MeshIoT.Web;

/// <summary>
/// The LocalAPI: what the programs of this machine may ask the agent, on its unix socket. Who may open the socket may do all of it.
/// </summary>
public sealed partial class AgentApi
{
    readonly TailnetNode node;
    readonly string version;
    readonly string tun;
    readonly Func<IReadOnlyList<FaultReport>> others;
    readonly List<(string Method, string Path, Func<HttpRequest, CancellationToken, ValueTask<HttpResponse>> Answer)> more = [];

    /// <summary>Serves <paramref name="node"/>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="version">Version of the program.</param>
    /// <param name="tun">"kernel" or "userspace".</param>
    /// <param name="others">The gateway's own faults, beside the node's.</param>
    public AgentApi(TailnetNode node, string version, string tun, Func<IReadOnlyList<FaultReport>>? others = null) =>
        (this.node, this.version, this.tun, this.others) = (node, version, tun, others ?? (static () => []));

    /// <summary>Adds an operation of another part of the gateway; before the first request.</summary>
    /// <param name="method">GET, POST …</param>
    /// <param name="path">The whole path; with "/" at its end, everything below it.</param>
    /// <param name="answer">Answers it; a fault that it throws becomes the answer.</param>
    public void Add(string method, string path, Func<HttpRequest, CancellationToken, ValueTask<HttpResponse>> answer) => more.Add((method, path, answer));

    /// <summary>Answers one request.</summary>
    public async ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken ct) => (request.Method, request.Path) switch
    {
        ("GET", "/localapi/v0/status") => Status(),
        ("POST", "/localapi/v0/up") => await UpAsync(Body(request, LocalApiJson.Default.UpRequestDto), ct).ConfigureAwait(false),
        ("POST", "/localapi/v0/down") => await ThenStatusAsync(node.DownAsync(ct)).ConfigureAwait(false),
        ("POST", "/localapi/v0/logout") => await ThenStatusAsync(node.LogoutAsync(ct)).ConfigureAwait(false),
        ("POST", "/localapi/v0/ping") => await PingAsync(Body(request, LocalApiJson.Default.PingRequestDto), ct).ConfigureAwait(false),
        ("GET", "/localapi/v0/path") => HttpResponse.Json(
            PathMapping.ToDto(await node.PathAsync(request.Query.GetValueOrDefault("node", ""), ct).ConfigureAwait(false)), LocalApiJson.Default.PathDto),
        ("POST", "/localapi/v0/netcheck") => await NetCheckAsync(ct).ConfigureAwait(false),
        _ => await MoreAsync(request, ct).ConfigureAwait(false),
    };

    ValueTask<HttpResponse> MoreAsync(HttpRequest request, CancellationToken ct)
    {
        foreach ((string method, string path, Func<HttpRequest, CancellationToken, ValueTask<HttpResponse>> answer) in more)
        {
            if (request.Method == method && (path.EndsWith('/') ? request.Path.StartsWith(path, StringComparison.Ordinal) : request.Path == path))
            {
                return answer(request, ct);
            }
        }

        return new(HttpResponse.Problem(Faults.NoSuchPath.With(request.Path.Length <= 80 ? request.Path : request.Path[..80])));
    }

    HttpResponse Status() => HttpResponse.Json(StatusMapping.ToDto(node.Status, version, tun, others()), LocalApiJson.Default.StatusDto);

    async ValueTask<HttpResponse> ThenStatusAsync(Task work)
    {
        await work.ConfigureAwait(false);
        return Status();
    }

    async ValueTask<HttpResponse> UpAsync(UpRequestDto body, CancellationToken ct)
    {
        Uri? server = null;
        if (body.LoginServer is { Length: > 0 } text
            && (!Uri.TryCreate(text, UriKind.Absolute, out server) || server.Scheme is not ("http" or "https")))
        {
            return HttpResponse.Problem(Faults.LoginServerInvalid.With(text.Length <= 200 ? text : text[..200]));
        }

        if (body.TimeoutSeconds is < 0 or > 86_400)
        {
            return HttpResponse.Problem(Faults.BodyNotUnderstood.With("timeoutSeconds is from 0 to 86400"));
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (body.TimeoutSeconds > 0)
        {
            limit.CancelAfter(TimeSpan.FromSeconds(body.TimeoutSeconds));
        }

        try
        {
            await LogInAsync(Request(body, server), body, limit).ConfigureAwait(false);
            return Status();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            if (body.Interactive)
            {
                return Status();
            }

            FaultReport? why = node.Status.Health.Count > 0 ? node.Status.Health[0] : null;
            return HttpResponse.Problem(Faults.UpTimedOut.With(body.TimeoutSeconds, why?.Message ?? ""));
        }
    }

    async Task LogInAsync(UpRequest request, UpRequestDto body, CancellationTokenSource limit)
    {
        TaskCompletionSource person = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (body.Interactive)
        {
            request = request with
            {
                Waiting = (report, _) =>
                {
                    if (report.Next != body.Shown)
                    {
                        person.TrySetResult();
                    }
                },
            };
        }

        Task up = node.UpAsync(request, limit.Token);
        if (await Task.WhenAny(up, person.Task).ConfigureAwait(false) == person.Task)
        {
            // The login goes on; only this wait for it ends.
            await limit.CancelAsync().ConfigureAwait(false);
        }

        await up.ConfigureAwait(false);
    }

    static UpRequest Request(UpRequestDto body, Uri? server) => new()
    {
        LoginServer = server,
        AuthKey = body.AuthKey,
        ServerKeyPin = body.ServerKeyPin,
        Hostname = body.Hostname,
        AdvertiseTags = body.AdvertiseTags,
        AdvertiseRoutes = body.AdvertiseRoutes,
        AdvertiseExitNode = body.AdvertiseExitNode,
        AcceptRoutes = body.AcceptRoutes,
        Ephemeral = body.Ephemeral,
        ForceReauth = body.ForceReauth,
        Reset = body.Reset,
        Resume = body.Resume,
    };

    static T Body<T>(HttpRequest request, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(request.Body.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            // The position says enough; the text may hold a secret.
            throw Faults.BodyNotUnderstood.With($"line {e.LineNumber ?? 0}, byte {e.BytePositionInLine ?? 0}").ToException();
        }
    }
}
