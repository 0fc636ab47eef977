using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Web.Http;

namespace MeshIoT.Web;

/// <content>Passes questions of this machine on to a gateway's own interface, here or through the tunnel.</content>
public sealed partial class SensorFanOut
{
    /// <summary>What stands before the gateway's name and a path of its interface: <c>/localapi/v0/gateways/NAME/api/v1/…</c>, GET only.</summary>
    public const string PassPrefix = "/localapi/v0/gateways/";

    const string Interface = "/api/v1/";
    const int MostOfProblem = 64 * 1024;

    /// <summary>How long a gateway may be silent within a long answer.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Passes a question on; the answer comes as the gateway gives it, however long it is.</summary>
    /// <exception cref="FaultException">There is no such gateway, or it does not answer.</exception>
    public async ValueTask<HttpResponse> PassAsync(HttpRequest request, CancellationToken ct)
    {
        string rest = request.Path[PassPrefix.Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || !rest.AsSpan(slash).StartsWith(Interface, StringComparison.Ordinal))
        {
            return HttpResponse.Problem(Faults.NoSuchPath.With(request.Path.Length <= 80 ? request.Path : request.Path[..80] + "…"));
        }

        (string gateway, string path) = (rest[..slash], rest[slash..]);
        NodeStatus status = node.Status;
        if (IsSelf(status, gateway))
        {
            HttpRequest here = new() { Method = "GET", Path = path, Query = request.Query, IsHttp11 = request.IsHttp11, Caller = request.Caller };
            return await local.HandleAsync(here, ct).ConfigureAwait(false);
        }

        if (status.BackendState != BackendState.Running)
        {
            throw Faults.NodeNotRunning.With(status.BackendState).ToException();
        }

        PeerStatus peer = status.Peers.FirstOrDefault(p => Matches(p, gateway) && p.Addresses.Count > 0)
            ?? throw Faults.NoSuchNode.With(gateway.Length <= 80 ? gateway : gateway[..80]).ToException();
        return await AskAsync(gateway, AddressOf(peer.Addresses[0].ToString(), Encode(path, request.Query)), ct).ConfigureAwait(false);
    }

    async Task<HttpResponse> AskAsync(string gateway, Uri address, CancellationToken ct)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Pause);
        HttpResponseMessage answer;
        try
        {
            answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Faults.GatewaySilent.With(gateway, $"nothing came within {Pause.TotalSeconds:0} s").ToException();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw (IsRefusal(e) ? Faults.NotAGateway.With(gateway) : Faults.GatewaySilent.With(gateway, "the connection broke")).ToException(e);
        }

        string type = answer.Content.Headers.ContentType?.ToString() is { Length: <= 100 } named && named.All(static c => c is >= ' ' and <= '~') ? named : "application/octet-stream";
        return new HttpResponse((int)answer.StatusCode, type, default) { Writer = (body, gone) => CopyAsync(answer, body, gone) };
    }

    static async Task CopyAsync(HttpResponseMessage answer, HttpBody body, CancellationToken gone)
    {
        using (answer)
        {
            byte[] buffer = new byte[16 * 1024];
            long left = answer.IsSuccessStatusCode ? long.MaxValue : MostOfProblem;
            Stream from = await answer.Content.ReadAsStreamAsync(gone).ConfigureAwait(false);
            await using (from.ConfigureAwait(false))
            {
                while (left > 0)
                {
                    using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
                    limit.CancelAfter(Pause);
                    int n = await from.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
                    if (n == 0)
                    {
                        return;
                    }

                    left -= n;
                    await body.WriteAsync(buffer.AsMemory(0, n)).ConfigureAwait(false);
                }
            }
        }
    }

    // Path and query came decoded: they go on as they came.
    static string Encode(string path, IReadOnlyDictionary<string, string> query)
    {
        StringBuilder text = new(string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));
        char before = '?';
        foreach ((string name, string value) in query)
        {
            text.Append(before).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            before = '&';
        }

        return text.ToString();
    }
}
