using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
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
    NetworkBlock? announced;
    string? shownPage;

    async Task<bool> FollowMapAsync(CoordinatorLink link, CancellationToken ct)
    {
        NetmapBuilder builder = new(identity.PublicKey, settings.Clock);
        announced = null;
        using CancellationTokenSource stream = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task updates = KeepToldAsync(link, stream.Token);
        Task<bool> renewal = KeepKeyFreshAsync(link, stream);
        ExceptionDispatchInfo? failure = null;
        try
        {
            MapRequest request = NewMapRequest();
            request.Stream = true;
            request.KeepAlive = true;
            await link.StreamMapAsync(request, (frame, token) => OnFrameAsync(builder, frame, token), stream.Token);
        }
#pragma warning disable CA1031 // It goes on below, unless the end of the stream is ours, for the new key.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        await stream.CancelAsync();
        await updates;
        bool renewed = await renewal;
        if (!ct.IsCancellationRequested && announced == NetworkBlock.None)
        {
            observer.Changed(new SessionView(BackendState.Running));
        }

        ct.ThrowIfCancellationRequested();
        if (!renewed)
        {
            failure?.Throw();
        }

        return renewed;
    }

    async ValueTask OnFrameAsync(NetmapBuilder builder, MapFrame frame, CancellationToken ct)
    {
        ShowPage(frame.Rest.PopBrowserURL);
        if (frame.KeepAlive)
        {
            return;
        }

        Netmap netmap = builder.Apply(frame);
        NetworkBlock block = await observer.NetmapArrived(netmap, identity, ct);
        gotNetmap = true;
        KeyExpires(netmap.Self.KeyExpiry, netmap.ClockOffset);
        if (announced != block)
        {
            announced = block;
            settings.Health.Clear(HealthTopic.Coordinator);
            Announce(block);
        }
    }

    void Announce(NetworkBlock block)
    {
        switch (block)
        {
            case NetworkBlock.NotAuthorized:
                FaultReport report = Faults.MachineNotAuthorized.With(server.Host);
                settings.Health.Set(HealthTopic.Login, report);
                observer.Changed(new SessionView(BackendState.NeedsMachineAuth, Connected: true));
                WaitFor(report, null);
                break;
            case NetworkBlock.KeyExpired:
                observer.Changed(new SessionView(BackendState.NeedsLogin, Connected: true));
                WaitFor(Faults.NodeKeyExpired.With(server.Host, TimeText(keyExpiry)), null);
                break;
            default:
                bool renewing = waited is { Page: not null };
                if (!renewing)
                {
                    waited = null;
                    settings.Health.Clear(HealthTopic.Login);
                }

                observer.Changed(new SessionView(BackendState.Running, Connected: true));
                if (running.Task.IsFaulted)
                {
                    BeginOutcome();
                }

                running.TrySetResult();
                break;
        }
    }

    // The coordinator may ask for a page to be opened; each one once, and only what a browser may be sent to.
    void ShowPage(string? url)
    {
        if (!string.IsNullOrEmpty(url) && url != shownPage && IsPage(url, out Uri? page))
        {
            shownPage = url;
            settings.Health.Set(HealthTopic.Notice, Faults.CoordinatorNotice.With(page!.AbsoluteUri));
        }
    }

    MapRequest NewMapRequest()
    {
        IReadOnlyList<string> endpoints = settings.ListEndpoints();
        return new MapRequest
        {
            Version = CapabilityVersion,
            NodeKey = identity.PublicKey,
            DiscoKey = settings.DiscoKey,
            Hostinfo = HostDescription.Create(settings.Store.Current, settings.Options),
            Endpoints = endpoints,
            EndpointTypes = [.. endpoints.Select(static _ => (int)EndpointType.Local)],
        };
    }

    // Whether a lite update would say anything that the last one did not.
    static bool SaysTheSame(MapRequest a, MapRequest b) =>
        a.Endpoints!.SequenceEqual(b.Endpoints!)
        && a.Hostinfo!.Hostname == b.Hostinfo!.Hostname
        && (a.Hostinfo.RoutableIPs ?? []).SequenceEqual(b.Hostinfo.RoutableIPs ?? [])
        && (a.Hostinfo.RequestTags ?? []).SequenceEqual(b.Hostinfo.RequestTags ?? []);

    // Never throws: an update that fails is tried again while the stream lives, and the next stream begins with one.
    async Task KeepToldAsync(CoordinatorLink link, CancellationToken ct)
    {
        MapRequest? told = null;
        int failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                MapRequest update = NewMapRequest();
                if (told is null || !SaysTheSame(told, update))
                {
                    update.OmitPeers = true;
                    await link.SendUpdateAsync(update, ct);
                    told = update;
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
