using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Userspace;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Stun;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Network;

/// <content>The task: waits until a check is due, and drives it from its first request to its report.</content>
internal sealed partial class NetworkScout
{
    async Task RunAsync()
    {
        CancellationToken ct = stop.Token;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (TakeLinkChange())
                {
                    await WaitAsync(null, LinkSettle, ct);
                    FollowLink();
                }
                else if (TakeDue() is { } wait && wait > TimeSpan.Zero)
                {
                    await WaitAsync(wake, wait == TimeSpan.MaxValue ? null : wait, ct);
                }
                else
                {
                    await CheckOnceAsync(ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it was, the next check may work; without one this task would be gone for good.
            catch (Exception)
#pragma warning restore CA1031
            {
                await WaitAsync(null, AfterSurprise, CancellationToken.None);
            }
        }
    }

    // Waits for the gate, or so long, or both; cancelled means over.
    async Task WaitAsync(AsyncGate? signal, TimeSpan? most, CancellationToken ct)
    {
        using CancellationTokenSource limit = most is { } time ? new(time, clock) : new();
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct, stop.Token);
        try
        {
            if (signal is not null)
            {
                await signal.WaitAsync(both.Token);
            }
            else
            {
                await Task.Delay(Timeout.Infinite, both.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    bool TakeLinkChange()
    {
        lock (gate)
        {
            (bool was, linkChanged) = (linkChanged, false);
            return was;
        }
    }

    // Other addresses are another network, until the opposite is shown. What was seen through an address that is gone is gone with it;
    // one more address leaves it as it is.
    void FollowLink()
    {
        IReadOnlyList<IPEndPoint> now = ListLocal();
        lock (gate)
        {
            if (!now.SequenceEqual(interfaces))
            {
                checker.NetworkChanged();
            }

            if (interfaces.Except(now).Any())
            {
                list.Forget();
                report = report is { } known ? known with { GlobalV4 = [], GlobalV6 = [], MappingVariesByDestIP = null } : null;
            }

            interfaces = now;
            wanted = true;
        }

        Publish();
    }

    // Zero: a check is due. The longest span: not before something happens.
    TimeSpan TakeDue()
    {
        lock (gate)
        {
            if (asked.Count > 0)
            {
                return TimeSpan.Zero;
            }

            if (place.Relays?.Regions is not { Count: > 0 })
            {
                return TimeSpan.MaxValue;
            }

            if (wanted)
            {
                wanted = false;
                schedule.Want();
            }

            TimeSpan now = Now;
            TimeSpan? due = schedule.NextDue(place.HasPeers, engine.SinceTraffic is { } ago ? now - ago : null, isTroubled);
            return due is not { } at ? TimeSpan.MaxValue : at <= now ? TimeSpan.Zero : at - now;
        }
    }

    async Task CheckOnceAsync(CancellationToken ct)
    {
        List<TaskCompletionSource<NetCheckReport>> waiting;
        Place here;
        NetCheckReport? last = report;
        bool idle;
        lock (gate)
        {
            waiting = [.. asked];
            asked.Clear();
            here = place;
            idle = waiting.Count == 0 && !schedule.IsWanted && (engine.SinceTraffic ?? TimeSpan.MaxValue) > CheckSchedule.SessionActiveTimeout;
            schedule.Begun();
        }

        ProbeMap map = await addresses.ResolveAsync(here.Relays, ct);
        NetCheckRun run;
        lock (gate)
        {
            run = checker.Begin(map, chosen, new NetCheckOptions
            {
                HaveV4 = interfaces.Count == 0 || interfaces.Any(static endpoint => endpoint.AddressFamily == AddressFamily.InterNetwork),
                HaveV6 = interfaces.Any(static endpoint => endpoint.AddressFamily == AddressFamily.InterNetworkV6),
                EveryRegion = waiting.Count > 0,
                OnlyStun = idle && last is { Udp: false },
                OnlyNear = idle,
                OwnAddresses = [.. interfaces.Select(static endpoint => Endpoints.FromIPEndPoint(endpoint)[..16])],
                TunnelAddresses = [.. here.TailnetAddresses.Select(static address => Endpoints.FromIPEndPoint(new IPEndPoint(address, 1))[..16])],
            }, Now);
        }

        try
        {
            await DriveAsync(run, here.Relays, ct);
            Conclude(run, map, waiting);
        }
        finally
        {
            waiting.ForEach(static one => one.TrySetCanceled());
        }
    }

    async Task DriveAsync(NetCheckRun run, DerpMap? relays, CancellationToken ct)
    {
        Sender sender = new(engine);
        using CancellationTokenSource https = CancellationTokenSource.CreateLinkedTokenSource(ct);
        List<(int Region, Task<TimeSpan?> Answer)> open = [];
        bool toldEarly = false;
        inbox.Open(run.Mark);
        try
        {
            while (!run.IsDone)
            {
                while (inbox.TryTake(out byte[] datagram, out TimeSpan at))
                {
                    run.Receive(datagram, at);
                }

                if (run.KnowsPlace && !toldEarly)
                {
                    toldEarly = true;
                    TellEarly(run);
                }

                while (inbox.TryTakeRefused(out StunTransaction refused))
                {
                    run.NotSent(refused);
                }

                foreach ((int region, Task<TimeSpan?> answer) in open.FindAll(static one => one.Answer.IsCompleted))
                {
                    open.RemoveAll(one => one.Answer == answer);
                    run.HttpsAnswered(region, answer.IsCompletedSuccessfully ? answer.Result : null);
                }

                run.Poll(Now, sender);
                foreach (ProbeRegion region in run.TakeHttpsWanted())
                {
                    open.Add((region.RegionId, MeasureAsync(relays?.Regions?.GetValueOrDefault(region.RegionId), https.Token)));
                }

                run.Poll(Now, sender);
                TimeSpan wait = run.IsDone ? TimeSpan.Zero : run.NextWake - Now;
                if (wait > TimeSpan.Zero)
                {
                    await WaitAsync(inbox.Arrived, wait, ct);
                }
            }
        }
        finally
        {
            inbox.Close();
            await https.CancelAsync();
            await Task.WhenAll(open.Select(static one => one.Answer));
        }
    }

    // Never throws.
    async Task<TimeSpan?> MeasureAsync(DerpRegion? region, CancellationToken ct)
    {
        try
        {
            return region is not null && MeasureHttps is { } measure ? await measure(region, ct) : null;
        }
#pragma warning disable CA1031 // No answer is an answer here.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
        finally
        {
            inbox.Arrived.Set();
        }
    }

    void Conclude(NetCheckRun run, ProbeMap map, List<TaskCompletionSource<NetCheckReport>> waiting)
    {
        NetCheckReport result;
        lock (gate)
        {
            TimeSpan now = Now;
            schedule.Ended(now, run.Result().Udp);
            if (run.IsStunOnly && !run.Result().Udp)
            {
                return; // Nothing has changed.
            }

            byte[] seed = new byte[32];
            place.Self.CopyTo(seed);
            result = checker.End(run, map, new HomeContext
            {
                Current = chosen,
                CoordinatorConnected = connected,
                LastHeard = region => Relays.SinceHeard(region) is { } ago ? now - ago : null,
                IsDown = Relays.IsDown,
                Seed = BitConverter.ToUInt64(seed),
            }, now);
            NoteRemapped(result);
            report = result = WithPortMap(result) with { At = clock.GetUtcNow() };
            chosen = ReferenceEquals(place, Place.Nowhere) ? 0 : result.PreferredDerp;

            // Peers know of no other yet: there is nobody to tell first.
            if (home == 0)
            {
                MoveHome(chosen);
            }
            else if (home != chosen)
            {
                Relays.PrepareHome(chosen);
            }

            Freshen();
        }

        Tell(result);
        Publish();
        engine.EndpointsLookedUp();
        waiting.ForEach(one => one.TrySetResult(result));
    }

    // A slow or silent region holds the report up, and nobody who wants to know where we are.
    void TellEarly(NetCheckRun run)
    {
        NetCheckReport soFar = run.Result();
        NoteRemapped(soFar);
        Freshen();
        Publish(soFar);
        engine.EndpointsLookedUp();
    }

    // A peer that cannot reach us directly reaches us by our home relay, and that connection says nothing for a minute at a time.
    void NoteRemapped(NetCheckReport seen)
    {
        if (seen.IsElsewhereThan(report))
        {
            Relays.Remapped();
        }
    }

    void Freshen() => Volatile.Write(ref freshUntil, (Now + CheckSchedule.EndpointsFreshEnoughDuration).Ticks);

    NetCheckReport WithPortMap(NetCheckReport seen) => seen with
    {
        UPnP = portMap.UPnP,
        Pmp = portMap.Pmp,
        Pcp = portMap.Pcp,
        HavePortMap = portMap.Mapped.Count > 0,
    };

    NetInfo? Describe(NetCheckReport? seen)
    {
        if (seen is null && chosen == 0)
        {
            return null;
        }

        Dictionary<string, double> latency = [];
        foreach (RegionReport region in seen?.Regions ?? [])
        {
            if (region.V4 is { } v4)
            {
                latency[$"{region.RegionId}-v4"] = v4.TotalSeconds;
            }

            if (region.V6 is { } v6)
            {
                latency[$"{region.RegionId}-v6"] = v6.TotalSeconds;
            }
        }

        return new NetInfo
        {
            PreferredDERP = chosen,
            DERPLatency = latency.Count > 0 ? latency : null,
            WorkingUDP = seen?.Udp,
            WorkingIPv6 = seen?.IPv6,
            OSHasIPv6 = Socket.OSSupportsIPv6,
            MappingVariesByDestIP = seen?.MappingVariesByDestIP,
            UPnP = portMap.UPnP,
            PMP = portMap.Pmp,
            PCP = portMap.Pcp,
            HavePortMap = portMap.Mapped.Count > 0,
        };
    }

    /// <summary>Sends by the engine's port.</summary>
    sealed class Sender(PacketEngine engine) : NetCheckHost
    {
        public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18, StunTransaction transaction) =>
            engine.PostStun(datagram, endpoint18, transaction);
    }
}
