using System;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Kernel;
using MeshIoT.Node.Session;

namespace MeshIoT.Node;

/// <content>The tunnel interface, when somebody else removes it: made anew with its addresses, rules and routes, and told.</content>
public sealed partial class TailnetNode
{
    // Whoever removes interfaces may be at it still; one that does so again and again gets a new one now and then only.
    static readonly TimeSpan RenewSoon = TimeSpan.FromMilliseconds(200), RenewLater = TimeSpan.FromSeconds(5), RenewedIsNews = TimeSpan.FromHours(1);

    readonly TunDevice? tunnel;
    readonly ITimer tunnelTimer;
    long goneMs = long.MinValue / 2;

    // On the engine's thread.
    void OnTunnelGone()
    {
        long nowMs = BootClock.NowMs;
        TimeSpan wait = nowMs - goneMs < (long)RenewLater.TotalMilliseconds ? RenewLater : RenewSoon;
        goneMs = nowMs;
        health.Set(HealthTopic.Tunnel, Faults.TunGone.With(tunnel!.Name, "it is not there any more"));
        tunnelTimer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    void OnTunnelTimer()
    {
        lock (applying)
        {
            if (disposed != 0 || tunnel is null || routing is null)
            {
                return;
            }

            if (!tunnel.IsGone)
            {
                // Told for long enough.
                health.Clear(HealthTopic.Tunnel);
                return;
            }

            TunRenewal? renewal = null;
            try
            {
                renewal = tunnel.Renew(options.Mtu);
                routing.Renew();
                engine.Post(new AdoptWork(this, tunnel, renewal));
            }
            catch (FaultException e)
            {
                renewal?.Dispose();
                health.Set(HealthTopic.Tunnel, e.Report);
                tunnelTimer.Change(RenewLater, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        // What the netmap said meanwhile.
        Reapply();
    }

    // On the engine's thread.
    void OnAdopted(bool isThere)
    {
        if (isThere)
        {
            health.Set(HealthTopic.Tunnel, Faults.TunRenewed.With(
                tunnel!.Name, tunnel.Renewals, CoordinatorSession.TimeText(steady.GetUtcNow())));
        }

        tunnelTimer.Change(isThere ? RenewedIsNews : RenewLater, Timeout.InfiniteTimeSpan);
    }

    // Posting it wakes the thread that waits for the stand-in.
    sealed class AdoptWork(TailnetNode node, TunDevice device, TunRenewal renewal) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs)
        {
            using TunRenewal taken = renewal;
            node.OnAdopted(device.Adopt(taken));
        }

        public override void Abandon() => renewal.Dispose();
    }
}
