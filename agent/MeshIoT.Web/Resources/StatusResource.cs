using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Web.Http;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.Resources;

/// <summary>The gateway in its mesh: <c>/api/v1/status</c>.</summary>
internal sealed class StatusResource(GatewayContext context, WebAccess access)
{
    /// <summary>More peers than a page shows.</summary>
    public const int MostPeers = 500;

    /// <summary>Peers whose path is asked of the engine.</summary>
    const int MostPaths = 64;

    readonly DateTimeOffset started = context.Time.GetUtcNow();

    public IEnumerable<WebRoute> Routes =>
    [
        new("GET", "/api/v1/status", "getStatus", "The gateway in its mesh: peers with their paths, what is wrong, and who asks.", StatusAsync)
        {
            Response = GatewayJson.Default.GatewayStatusDto,
            Description = "To a caller from outside the tailnet, peers' keys and endpoints are not told.",
        },
    ];

    /// <summary>What is wrong now, of node and gateway.</summary>
    public IReadOnlyList<FaultDto> Health() => Health(context.Node?.Invoke());

    async ValueTask<HttpResponse> StatusAsync(WebCall call)
    {
        NodeStatus? node = context.Node?.Invoke();
        HttpCaller caller = call.Request.Caller;
        IReadOnlyList<PeerStatus> peers = node?.Peers ?? [];
        NodeDto[] shown = await PeersAsync(peers, caller.Door != HttpDoor.Outside, call.Stop).ConfigureAwait(false);
        return HttpResponse.Json(
            new GatewayStatusDto
            {
                Gateway = context.Name(),
                Version = context.Version,
                Time = context.Time.GetUtcNow(),
                Started = started,
                BackendState = node?.BackendState.ToString(),
                CoordinatorConnected = node?.CoordinatorConnected ?? false,
                Name = node is { Self.Name.Length: > 0 } ? node.Self.Name : null,
                Addresses = [.. node?.Self.Addresses.Select(static a => a.ToString()) ?? []],
                KeyExpiry = node?.KeyExpiry,
                HomeRelay = PathMapping.ToDto(node?.HomeRelay),
                Udp = node?.NetCheck?.Udp,
                Peers = shown,
                PeersTotal = peers.Count,
                Health = Health(node),
                Viewer = Viewer(caller, access.CanSwitch(call.Request), peers),
            },
            GatewayJson.Default.GatewayStatusDto);
    }

    FaultDto[] Health(NodeStatus? node) => [.. (node?.Health ?? []).Concat(context.Faults()).Select(StatusMapping.ToDto)];

    async Task<NodeDto[]> PeersAsync(IReadOnlyList<PeerStatus> peers, bool isTrusted, CancellationToken ct)
    {
        NodeDto[] shown = [.. peers.Take(MostPeers).Select(StatusMapping.ToDto)];
        int asked = 0;
        await Task.WhenAll(Enumerable.Range(0, shown.Length)
            .Where(i => shown[i] is { Active: true, Endpoint: not null } && asked++ < MostPaths)
            .Select(async i => shown[i] = shown[i] with { Latency = await LatencyAsync(peers[i], ct).ConfigureAwait(false) })).ConfigureAwait(false);
        return isTrusted ? shown : [.. shown.Select(static peer => peer with { Endpoint = null, NodeKey = null })];
    }

    async Task<double?> LatencyAsync(PeerStatus peer, CancellationToken ct)
    {
        if (context.Path is not { } path || peer.Addresses.Count == 0)
        {
            return null;
        }

        try
        {
            PathReport report = await path(peer.Addresses[0].ToString(), ct).ConfigureAwait(false);
            return report.Candidates.FirstOrDefault(static candidate => candidate.IsChosen)?.Latency?.TotalMilliseconds;
        }
        catch (FaultException)
        {
            return null; // It has just left the netmap.
        }
    }

    static ViewerDto Viewer(HttpCaller caller, bool canSwitch, IReadOnlyList<PeerStatus> peers)
    {
        string door = caller.Door switch { HttpDoor.Tailnet => "tailnet", HttpDoor.Outside => "outside", _ => "local" };
        IPAddress? address = caller.Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : caller.Address;
        PeerStatus? peer = caller.Door == HttpDoor.Tailnet && address is not null ? peers.FirstOrDefault(p => p.Addresses.Contains(address)) : null;
        return new ViewerDto(door, canSwitch)
        {
            Address = address?.ToString(),
            Name = peer is null ? null : StatusMapping.ToDto(peer).HostName,
            Path = peer is null ? null : PathMapping.PathOf(peer.Endpoint, peer.Relay),
            Relay = peer?.Relay,
        };
    }
}
