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

/// <content>The map stream; the lite updates beside it are in <c>CoordinatorSession.Updates.cs</c>. control-plane.md section 5.</content>
internal sealed partial class CoordinatorSession
{
    bool gotNetmap;
    NetworkBlock? announced;
    string? shownPage;

    async Task<bool> FollowMapAsync(CoordinatorLink link, CancellationToken ct)
    {
        NetmapBuilder builder = new(identity.PublicKey, settings.Clock, observer.Known);
        announced = null;
        using CancellationTokenSource stream = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task updates = KeepToldAsync(link, stream.Token);
        Task<bool> renewal = KeepKeyFreshAsync(link, stream);
        ExceptionDispatchInfo? failure = null;
        try
        {
            MapRequest request = Describe(settings.WhereWeAre());
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
}
