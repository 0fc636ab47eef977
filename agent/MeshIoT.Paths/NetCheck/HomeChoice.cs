using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// Which relay region is a node's home: where peers send what they cannot send directly. A move costs every peer a little, so the home
/// is kept unless another one is clearly better. data-plane.md section 3.2.
/// <list type="number">
/// <item>Candidates are the regions that this report measured; each counts with its best latency of the last five minutes.</item>
/// <item>The old home stays while it is accessible (measured now, or heard of by its relay connection) and either less than 10 ms slower,
/// or not slower than by half.</item>
/// <item>With no measurement at all the old home stays; without one, a region that is arbitrary but always the same.</item>
/// <item>Without a coordinator to tell of it, nothing moves.</item>
/// </list>
/// </summary>
public sealed class HomeChoice
{
    // One a second for a minute, or one in twenty seconds for the whole age.
    const int MostReports = 64;

    readonly List<(TimeSpan At, NetCheckReport Report)> history = [];

    /// <summary>Reports that count.</summary>
    public int Remembered => history.Count;

    /// <summary>Other networks have other distances.</summary>
    public void Forget() => history.Clear();

    /// <summary>Adds a report and chooses; 0: the map has no region that could be a home.</summary>
    /// <param name="map">The regions.</param>
    /// <param name="report">What was just measured.</param>
    /// <param name="startedAt">When the measurement began.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="context">What else matters.</param>
    public int Choose(ProbeMap map, NetCheckReport report, TimeSpan startedAt, TimeSpan now, HomeContext context)
    {
        history.Add((now, report));
        history.RemoveAll(entry => now - entry.At > NetCheckTimes.HistoryAge);
        if (history.Count > MostReports)
        {
            history.RemoveAt(0);
        }

        int current = map.Find(context.Current) is { NoMeasureNoHome: false, HasRelay: true } ? context.Current : 0;
        if (current != 0 && !context.CoordinatorConnected)
        {
            return current;
        }

        if (Best(map, report, current, context) is not { } best)
        {
            bool lost = current == 0 || context.IsDown(current);
            return lost ? Fallback(map, context, current) : current;
        }

        return best.Region == current || (current != 0 && Keeps(map, report, current, best.Latency, startedAt, now, context)) ? current : best.Region;
    }

    // The nearest of the measured regions, by what is remembered of each.
    (int Region, TimeSpan Latency)? Best(ProbeMap map, NetCheckReport report, int current, HomeContext context)
    {
        List<ProbeRegion> measured = [.. report.Regions.Where(static region => region.Latency is not null)
            .Select(region => map.Find(region.RegionId)).OfType<ProbeRegion>()
            .Where(region => region is { NoMeasureNoHome: false, HasRelay: true } && (!region.Avoid || region.RegionId == current))];
        if (measured.Exists(region => !context.IsDown(region.RegionId)))
        {
            measured.RemoveAll(region => context.IsDown(region.RegionId));
        }

        (int Region, TimeSpan Latency)? best = null;
        foreach (ProbeRegion region in measured.OrderBy(static region => region.RegionId))
        {
            TimeSpan latency = history.Min(entry => LatencyOf(entry.Report, region.RegionId) ?? TimeSpan.MaxValue);
            latency = Scaled(latency, region);
            if (best is null || latency < best.Value.Latency)
            {
                best = (region.RegionId, latency);
            }
        }

        return best;
    }

    static bool Keeps(ProbeMap map, NetCheckReport report, int current, TimeSpan best, TimeSpan startedAt, TimeSpan now, HomeContext context)
    {
        if (context.IsDown(current))
        {
            return false;
        }

        if (LatencyOf(report, current) is { } measured)
        {
            TimeSpan old = Scaled(measured, map.Find(current)!);
            return old - best < NetCheckTimes.PreferredDerpAbsoluteDiff || best > old / 3 * 2;
        }

        return context.LastHeard(current) is { } heard && (heard > startedAt || heard > now - NetCheckTimes.PreferredDerpFrameTime);
    }

    // Rendezvous hashing: a region more or less in the map moves few nodes.
    static int Fallback(ProbeMap map, HomeContext context, int current)
    {
        List<ProbeRegion> eligible = [.. map.Regions.Take(ProbeMap.MostRegions).Where(static region => region is { NoMeasureNoHome: false, HasRelay: true, Avoid: false })];
        List<ProbeRegion> up = eligible.FindAll(region => !context.IsDown(region.RegionId));
        if (up.Count == 0 && current != 0)
        {
            return current;
        }

        return (up.Count > 0 ? up : eligible).OrderByDescending(region => Mixed(context.Seed ^ ((ulong)region.RegionId * 0x9E3779B97F4A7C15)))
            .Select(static region => region.RegionId).FirstOrDefault();
    }

    // Finalizer of splitmix64.
    static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    static TimeSpan Scaled(TimeSpan latency, ProbeRegion region) => latency == TimeSpan.MaxValue ? latency : latency * region.Factor;

    static TimeSpan? LatencyOf(NetCheckReport report, int regionId)
    {
        foreach (RegionReport region in report.Regions)
        {
            if (region.RegionId == regionId)
            {
                return region.Latency;
            }
        }

        return null;
    }
}
