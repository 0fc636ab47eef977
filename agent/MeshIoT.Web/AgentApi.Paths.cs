using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Web.Http;

namespace MeshIoT.Web;

/// <content>By which way peers are reached.</content>
public sealed partial class AgentApi
{
    async ValueTask<HttpResponse> PingAsync(PingRequestDto body, CancellationToken ct)
    {
        PingKind? kind = body.Kind switch
        {
            null or "disco" => PingKind.Disco,
            "tsmp" => PingKind.Tsmp,
            "icmp" => PingKind.Icmp,
            _ => null,
        };
        if (string.IsNullOrEmpty(body.Target) || body.TimeoutMs is < 1 or > 60_000 || kind is null)
        {
            return HttpResponse.Problem(Faults.BodyNotUnderstood.With("target is a name or address, timeoutMs from 1 to 60000, kind disco, tsmp or icmp"));
        }

        PingReply reply = await node.PingAsync(body.Target, kind.Value, TimeSpan.FromMilliseconds(body.TimeoutMs), ct).ConfigureAwait(false);
        return HttpResponse.Json(PathMapping.ToDto(reply), LocalApiJson.Default.PingReplyDto);
    }

    async ValueTask<HttpResponse> NetCheckAsync(CancellationToken ct)
    {
        NodeStatus status = node.Status;
        return status.Self.Addresses.Count == 0
            ? HttpResponse.Problem(Faults.NodeNotRunning.With(status.BackendState))
            : HttpResponse.Json(NetworkMapping.ToDto(await node.CheckNetworkAsync(ct).ConfigureAwait(false)), LocalApiJson.Default.NetCheckDto);
    }
}
