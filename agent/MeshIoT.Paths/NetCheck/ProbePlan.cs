using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// Whom a check asks, when, and how often. A full one asks every region, three times at short intervals; one that has a report to go by
/// asks the three nearest and the home, the home most insistently, so that a lost datagram moves nobody. data-plane.md section 3.2.
/// </summary>
internal static class ProbePlan
{
    /// <summary>Every region that may be measured.</summary>
    public static IReadOnlyList<ProbeSet> Full(ProbeMap map, bool haveV4, bool haveV6)
    {
        List<ProbeSet> plan = [];
        foreach (ProbeRegion region in map.Regions.Take(ProbeMap.MostRegions).Where(static region => !region.NoMeasureNoHome))
        {
            static TimeSpan After(int attempt) => attempt * NetCheckTimes.InitialRetransmit;
            Add(plan, region, haveV4 ? NetCheckTimes.InitialTries : 0, haveV6 ? NetCheckTimes.InitialTries : 0, After);
        }

        return plan;
    }

    /// <summary>The regions that matter by what the last report says; a full plan when it says nothing.</summary>
    public static IReadOnlyList<ProbeSet> Incremental(ProbeMap map, NetCheckReport last, int home, bool haveV4, bool haveV6)
    {
        Dictionary<int, RegionReport> known = last.Regions.Where(static region => region.Latency is not null).ToDictionary(static region => region.RegionId);
        if (known.Count == 0)
        {
            return Full(map, haveV4, haveV6);
        }

        bool hadV6 = known.Values.Any(static region => region.V6 is not null);
        bool hadBoth = haveV6 && hadV6 && known.Values.Any(static region => region.V4 is not null);
        TimeSpan? LatencyOf(ProbeRegion region) => known.GetValueOrDefault(region.RegionId)?.Latency;
        List<ProbeRegion> nearest = [.. map.Regions.Take(ProbeMap.MostRegions)
            .Where(region => !region.NoMeasureNoHome && (!region.Avoid || region.RegionId == home))
            .OrderBy(region => LatencyOf(region) ?? TimeSpan.MaxValue).ThenBy(static region => region.RegionId)];

        List<ProbeSet> plan = [];
        for (int rank = 0; rank < nearest.Count; rank++)
        {
            ProbeRegion region = nearest[rank];
            bool isHome = region.RegionId == home, isFast = rank < NetCheckTimes.FastestRegions;
            if (rank >= NetCheckTimes.IncrementalRegions && !isHome)
            {
                continue;
            }

            int tries = isHome ? NetCheckTimes.HomeTries : isFast ? NetCheckTimes.FastTries : 1;

            // With both families at hand, a region of little interest is asked over one of them.
            bool alternates = !isHome && !isFast && hadBoth;
            int v4 = haveV4 && !(alternates && rank % 2 != 0) ? tries : 0;
            int v6 = !haveV6 || (alternates && rank % 2 == 0) ? 0 : hadV6 ? tries : isHome || isFast ? 1 : 0;
            TimeSpan spacing = LatencyOf(region) is { } latency ? latency * 1.2 : NetCheckTimes.ActiveRetransmit;
            Add(plan, region, v4, v6, attempt => (attempt * spacing) + (attempt > 1 ? attempt * NetCheckTimes.ExtraRetransmit : TimeSpan.Zero));
        }

        return plan;
    }

    // Each attempt asks the next node of the region; nodes that are not there over a family are passed over.
    static void Add(List<ProbeSet> plan, ProbeRegion region, int triesV4, int triesV6, Func<int, TimeSpan> after)
    {
        AddFamily(plan, new ProbeSet(region, isV6: false), triesV4, after);
        AddFamily(plan, new ProbeSet(region, isV6: true), triesV6, after);
    }

    static void AddFamily(List<ProbeSet> plan, ProbeSet set, int tries, Func<int, TimeSpan> after)
    {
        List<byte[]> targets = [.. set.Region.Nodes.Take(ProbeMap.MostNodes).Select(node => set.IsV6 ? node.V6 : node.V4).OfType<byte[]>()];
        for (int attempt = 0; attempt < tries && targets.Count > 0; attempt++)
        {
            set.Probes.Add(new Probe(after(attempt), targets[attempt % targets.Count]));
        }

        if (set.Probes.Count > 0)
        {
            plan.Add(set);
        }
    }
}
