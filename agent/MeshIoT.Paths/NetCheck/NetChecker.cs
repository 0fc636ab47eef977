using System;
using MeshIoT.Crypto;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// The checks of a node over time: whom the next one asks, and what home follows from all of them. Without sockets or clocks; one thread
/// at a time; times are those of a clock that never goes back.
/// </summary>
public sealed class NetChecker(RandomSource random)
{
    // Every region over HTTPS is a TLS connection to each: a network that blocks UDP is not asked that often.
    static readonly TimeSpan FullWhenBlocked = TimeSpan.FromHours(1);

    readonly HomeChoice homes = new();
    TimeSpan lastFull;
    bool nextFull = true;

    /// <summary>The last report; null: none yet.</summary>
    public NetCheckReport? Last { get; private set; }

    /// <summary>The next check asks every region.</summary>
    public void MakeNextFull() => nextFull = true;

    /// <summary>This is another network: what was measured on the one before says nothing here.</summary>
    public void NetworkChanged()
    {
        homes.Forget();
        nextFull = true;
    }

    /// <summary>Begins a check; the caller drives it to its end and hands it to <see cref="End"/>.</summary>
    public NetCheckRun Begin(ProbeMap map, int home, NetCheckOptions options, TimeSpan now)
    {
        TimeSpan interval = Last is { Udp: false } ? FullWhenBlocked : NetCheckTimes.FullReportInterval;
        bool full = Last is null || nextFull || options.EveryRegion || (!options.OnlyNear && now - lastFull > interval);
        if (full)
        {
            nextFull = false;
            lastFull = now;
        }

        return new NetCheckRun(
            map,
            full ? ProbePlan.Full(map, options.HaveV4, options.HaveV6) : ProbePlan.Incremental(map, Last!, home, options.HaveV4, options.HaveV6),
            full,
            options,
            random,
            now);
    }

    /// <summary>Takes a finished check into account; its report names the home that follows.</summary>
    public NetCheckReport End(NetCheckRun run, ProbeMap map, HomeContext context, TimeSpan now)
    {
        NetCheckReport report = run.Result();
        report = report with { PreferredDerp = homes.Choose(map, report, run.StartedAt, now, context) };
        Last = report;
        return report;
    }
}
