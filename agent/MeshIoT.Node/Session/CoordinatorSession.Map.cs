using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Session;

/// <content>The map stream and the lite updates beside it. control-plane.md section 5.</content>
internal sealed partial class CoordinatorSession
{
    const int CapabilityVersion = 130;

    // Interfaces come up one address at a time; one update for all of them.
    static readonly TimeSpan EndpointSettle = TimeSpan.FromSeconds(1);

    bool gotNetmap;

    async Task FollowMapAsync(CoordinatorLink link, CancellationToken ct)
    {
        NetmapBuilder builder = new(identity.PublicKey, settings.Clock);
        IReadOnlyList<string> endpoints = settings.ListEndpoints();
        using CancellationTokenSource stream = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task updates = KeepEndpointsKnownAsync(link, stream.Token);
        try
        {
            MapRequest request = NewMapRequest(endpoints);
            request.Stream = true;
            request.KeepAlive = true;
            await link.StreamMapAsync(request, (frame, token) => OnFrameAsync(builder, frame, token), ct);
        }
        finally
        {
            await stream.CancelAsync();
            await updates;
            if (gotNetmap && !ct.IsCancellationRequested)
            {
                observer.Changed(new SessionView(BackendState.Running));
            }
        }
    }

    async ValueTask OnFrameAsync(NetmapBuilder builder, MapResponse frame, CancellationToken ct)
    {
        if (frame.KeepAlive)
        {
            return;
        }

        Netmap netmap = builder.Apply(frame);
        await observer.NetmapArrived(netmap, identity, ct);
        if (!netmap.Self.MachineAuthorized)
        {
            settings.Health.Set(HealthTopic.Login, Faults.MachineNotAuthorized.With(server.Host));
            observer.Changed(new SessionView(BackendState.NeedsLogin, Connected: true));
            return;
        }

        if (!gotNetmap)
        {
            gotNetmap = true;
            settings.Health.Clear(HealthTopic.Coordinator, HealthTopic.Login);
            observer.Changed(new SessionView(BackendState.Running, Connected: true));
            running.TrySetResult();
        }
    }

    MapRequest NewMapRequest(IReadOnlyList<string> endpoints) => new()
    {
        Version = CapabilityVersion,
        NodeKey = identity.PublicKey,
        DiscoKey = settings.DiscoKey,
        Hostinfo = HostDescription.Create(hostname, settings.Options),
        Endpoints = endpoints,
        EndpointTypes = [.. endpoints.Select(static _ => (int)EndpointType.Local)],
    };

    // Never throws: an update that fails is tried again while the stream lives, and the next stream begins with one.
    async Task KeepEndpointsKnownAsync(CoordinatorLink link, CancellationToken ct)
    {
        IReadOnlyList<string>? told = null;
        int failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                IReadOnlyList<string> now = settings.ListEndpoints();
                if (told is null || !told.SequenceEqual(now))
                {
                    MapRequest update = NewMapRequest(now);
                    update.OmitPeers = true;
                    await link.SendUpdateAsync(update, ct);
                    told = now;
                    failures = 0;
                }

                await settings.EndpointsChanged.WaitAsync(ct);
                await Task.Delay(EndpointSettle, settings.Clock, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The stream beside it tells the person what is wrong with the coordinator.
            catch (Exception)
#pragma warning restore CA1031
            {
                await DelayAsync(Backoff.Next(++failures, 0.5), ct);
            }
        }
    }
}
