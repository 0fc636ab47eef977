using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Health;
using MeshIoT.Node.Network;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Session;

/// <content>
/// Lite updates: what the node tells of itself while the map stream is up, one at a time, the latest state always, tried again until it
/// is taken. control-plane.md section 5.1.
/// </content>
internal sealed partial class CoordinatorSession
{
    const int CapabilityVersion = 130;

    MapRequest Describe(OwnNetwork network)
    {
        Hostinfo host = HostDescription.Create(settings.Store.Current, settings.Options);
        host.NetInfo = network.Info;
        return new MapRequest
        {
            Version = CapabilityVersion,
            NodeKey = identity.PublicKey,
            DiscoKey = settings.DiscoKey,
            Hostinfo = host,
            Endpoints = [.. network.Endpoints.Select(static endpoint => endpoint.Address.ToString())],
            EndpointTypes = [.. network.Endpoints.Select(static endpoint => (int)endpoint.Type)],
        };
    }

    // Whether a lite update would say anything that the last one did not.
    static bool SaysTheSame((OwnNetwork Network, MapRequest Request) a, (OwnNetwork Network, MapRequest Request) b) =>
        a.Network.SaysTheSameAs(b.Network)
        && a.Request.Hostinfo!.Hostname == b.Request.Hostinfo!.Hostname
        && (a.Request.Hostinfo.RoutableIPs ?? []).SequenceEqual(b.Request.Hostinfo.RoutableIPs ?? [])
        && (a.Request.Hostinfo.RequestTags ?? []).SequenceEqual(b.Request.Hostinfo.RequestTags ?? []);

    // Never throws: an update that fails is tried again while the stream lives, and the next stream begins with one.
    async Task KeepToldAsync(CoordinatorLink link, CancellationToken ct)
    {
        LiteUpdates updates = new();
        updates.Changed(settings.Clock.GetUtcNow());
        (OwnNetwork Network, MapRequest Request)? told = null;
        while (!ct.IsCancellationRequested)
        {
            OwnNetwork network = settings.WhereWeAre();
            (OwnNetwork Network, MapRequest Request) now = (network, Describe(network));
            if (updates.TryBegin(settings.Clock.GetUtcNow()))
            {
                bool taken = await TrySendAsync(link, now.Request, ct);
                updates.Ended(taken, settings.Clock.GetUtcNow(), NextRandom());
                told = taken ? now : told;
                if (taken)
                {
                    settings.ToldWhereWeAre(network);
                }
            }
            else if (updates.IsSettled && told is { } known && !SaysTheSame(known, now))
            {
                updates.Changed(settings.Clock.GetUtcNow());
            }
            else
            {
                await WaitForNewsAsync(updates.NextDue, ct);
            }
        }
    }

    async Task<bool> TrySendAsync(CoordinatorLink link, MapRequest update, CancellationToken ct)
    {
        try
        {
            update.OmitPeers = true;
            await link.SendUpdateAsync(update, ct);
            return true;
        }
#pragma warning disable CA1031 // The stream beside it tells the person what is wrong with the coordinator.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    // Until something may have changed, or the next try is due.
    async Task WaitForNewsAsync(DateTimeOffset? due, CancellationToken ct)
    {
        TimeSpan wait = due is { } at ? at - settings.Clock.GetUtcNow() : Timeout.InfiniteTimeSpan;
        if (due is not null && wait <= TimeSpan.Zero)
        {
            return;
        }

        using CancellationTokenSource limit = new(wait, settings.Clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await settings.SelfChanged.WaitAsync(both.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token.
        }
    }
}
