using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshIoT.Coordinator;

/// <summary>
/// <c>POST /machine/map</c> in its four kinds: the long poll (<c>Stream</c>), the lite update (<c>OmitPeers</c>),
/// one whole netmap, and one whole netmap without a trace (<c>ReadOnly</c>).
/// A node that the caller's machine key does not own is answered like one that does not exist.
/// </summary>
internal sealed class MapEndpoint(
    StateWriter writer, MapFrames frames, MapHub hub, Presence presence, CoordinatorLimits limits, CoordinatorLog log, CancellationToken stopping)
{
    const int TooManyRequests = StatusCodes.Status429TooManyRequests;

    public async Task HandleAsync(HttpContext context, NoisePeer peer)
    {
        MapRequest? request = await HttpBodies.ReadJsonAsync(context, TailcfgJson.Default.MapRequest, limits).ConfigureAwait(false);
        if (request is null)
        {
            return;
        }

        if (request.Version < RegisterEndpoint.OldestVersion)
        {
            string tooOld = Faults.ClientTooOld.With(request.Version, RegisterEndpoint.OldestVersion).ToString();
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status400BadRequest, tooOld).ConfigureAwait(false);
        }
        else if (NodeReport.IsTooLarge(request.Hostinfo))
        {
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status400BadRequest, "Hostinfo is too large").ConfigureAwait(false);
        }
        else if (writer.Current.FindByNodeKey(request.NodeKey) is { } node && node.Machine == peer.Machine)
        {
            await HandleAsync(context, peer, node.Id, request).ConfigureAwait(false);
        }
        else
        {
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status404NotFound, "node not found").ConfigureAwait(false);
        }
    }

    async Task HandleAsync(HttpContext context, NoisePeer peer, long nodeId, MapRequest request)
    {
        try
        {
            if (!request.ReadOnly)
            {
                await TakeReportAsync(nodeId, request).ConfigureAwait(false);
            }
        }
        catch (FaultException e)
        {
            log.Fault(e.Report);
            context.Response.Headers.RetryAfter = "10";
            await HttpBodies.WriteTextAsync(context, TooManyRequests, e.Report.ToString()).ConfigureAwait(false);
            return;
        }

        if (request.Stream && !request.ReadOnly)
        {
            await StreamAsync(context, peer, nodeId, request).ConfigureAwait(false);
        }
        else if (!request.OmitPeers || request.ReadOnly)
        {
            await WriteOnceAsync(context, nodeId, request).ConfigureAwait(false);
        }

        // A lite update is answered by an empty 200.
    }

    Task<bool> TakeReportAsync(long nodeId, MapRequest request)
    {
        IReadOnlyList<string>? told = request.Endpoints;
        NodeReport report = new(
            request.Version, request.DiscoKey, request.Hostinfo, told is null ? default : NodeReport.Dialable(told), told is null ? null : NodeReport.MappedOnes(told, request.EndpointTypes));
        return writer.ChangeAsync(edit =>
        {
            if (edit.Current.Nodes.TryGetValue(nodeId, out NodeRecord? node))
            {
                (NodeRecord next, Show show) = report.ApplyTo(node, edit.Current, edit.Now);
                next = RouteApproval.Automatic(edit, next, edit.Now);
                if (!ReferenceEquals(next, node))
                {
                    edit.Put(next, show);
                }
            }

            return true;
        });
    }

    async Task StreamAsync(HttpContext context, NoisePeer peer, long nodeId, MapRequest request)
    {
        using Presence.Lease lease = await presence.OpenAsync(nodeId, request.NodeKey).ConfigureAwait(false);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lease.Ended, stopping);
        MapStream stream = new(nodeId, request.NodeKey, WantsZstd(request), context.Response.BodyWriter);
        log.StreamOpened(nodeId, request.Version, peer.Remote);
        bool served = await hub.ServeAsync(stream, () => StartAsync(context), ended.Token).ConfigureAwait(false);
        log.StreamClosed(nodeId);
        if (!served)
        {
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status404NotFound, "node not found").ConfigureAwait(false);
        }
    }

    async Task WriteOnceAsync(HttpContext context, long nodeId, MapRequest request)
    {
        Tailnet tailnet = writer.Current;
        if (!tailnet.Nodes.TryGetValue(nodeId, out NodeRecord? node))
        {
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status404NotFound, "node not found").ConfigureAwait(false);
            return;
        }

        if (!request.ReadOnly)
        {
            presence.EndStream(nodeId);
        }

        await StartAsync(context).ConfigureAwait(false);
        await context.Response.BodyWriter.WriteAsync(frames.First(tailnet, node, request.NodeKey).Encoded(WantsZstd(request)), context.RequestAborted).ConfigureAwait(false);
    }

    static Task StartAsync(HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/octet-stream";
        return context.Response.StartAsync(context.RequestAborted);
    }

    static bool WantsZstd(MapRequest request) => string.Equals(request.Compress, "zstd", StringComparison.Ordinal);
}
