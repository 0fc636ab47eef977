using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Stun;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// One check of the network, without sockets or clocks: sends what is due, takes what comes, and is done after eight seconds at most.
/// <code>
///   requests ──► answers ──► three regions, or all silent ones given up, or 3 s ──► report
///       └─ nobody answered for 1.2 s ──► HTTPS requests, sent by the shell ──► all back, or 5 s ──┘
/// </code>
/// What a lying server can do: answer only what it was asked (the transaction is 96 random bits and counts once), name only endpoints
/// that could be true (<see cref="SeenEndpoint"/>), with one voice (<see cref="StunAnswers"/>). One thread at a time; times are those of
/// a clock that never goes back.
/// </summary>
public sealed class NetCheckRun
{
    readonly List<RunningSet> sets;
    readonly Dictionary<StunTransaction, (RunningSet Set, byte[] Server, TimeSpan SentAt)> open = [];
    readonly SortedDictionary<int, RegionReport> regions = [];
    readonly Dictionary<int, ProbeRegion> httpsOpen = [];
    readonly StunAnswers v4 = new(), v6 = new();
    readonly NetCheckOptions options;
    readonly RandomSource random;
    readonly byte[] request = new byte[StunRequest.Size], seenBuffer = new byte[StunDatagram.EndpointSize];
    readonly TimeSpan startedAt;
    readonly uint mark;
    readonly List<ProbeRegion> httpsCandidates;
    TimeSpan stopAt, slowest, httpsEndsAt;
    bool stunDone, httpsBegun, httpsTaken;
    int sentV4, sentV6, failedV4, failedV6, answers, ignored;

    internal NetCheckRun(ProbeMap map, IReadOnlyList<ProbeSet> plan, bool isFull, NetCheckOptions options, RandomSource random, TimeSpan now)
    {
        this.options = options;
        this.random = random;
        startedAt = now;
        byte[] drawn = new byte[sizeof(uint)];
        random.Fill(drawn, 0, drawn.Length);
        mark = BitConverter.ToUInt32(drawn);
        stopAt = now + NetCheckTimes.StunTimeout;
        IsFull = isFull;
        sets = [.. (options.OnlyHttps ? [] : plan).Select(static set => new RunningSet(set))];
        stunDone = sets.Count == 0;
        foreach (RunningSet set in sets)
        {
            Note(set.Set.Region, static report => report);
        }

        // Where a report is there to go by, those that it made interesting.
        httpsCandidates = [.. map.Regions.Take(ProbeMap.MostRegions).Where(region =>
            region is { HasRelay: true, Avoid: false, NoMeasureNoHome: false }
            && (isFull || plan.Count == 0 || plan.Any(set => set.Region.RegionId == region.RegionId)))];
    }

    /// <summary>When it began.</summary>
    public TimeSpan StartedAt => startedAt;

    /// <summary>The 32 random bits that all of its transactions begin with: who receives can tell early what cannot be meant for it.</summary>
    public uint Mark => mark;

    /// <summary>Whether every region is asked.</summary>
    public bool IsFull { get; }

    /// <summary>Whether a server has said where this node is.</summary>
    public bool KnowsPlace => v4.Any || v6.Any;

    /// <summary>Whether HTTPS is left out: see <see cref="NetCheckOptions.OnlyStun"/>.</summary>
    public bool IsStunOnly => options.OnlyStun;

    /// <summary>Whether there is nothing more to wait for.</summary>
    public bool IsDone { get; private set; }

    /// <summary>When <see cref="Poll"/> has something to do at the latest; an answer makes it due at once.</summary>
    public TimeSpan NextWake { get; private set; }

    /// <summary>Requests that wait for an answer.</summary>
    public int OpenTransactions => open.Count;

    /// <summary>Sends what is due and sees whether the check is done.</summary>
    public void Poll(TimeSpan now, NetCheckHost host)
    {
        if (IsDone)
        {
            return;
        }

        if (!stunDone)
        {
            foreach (RunningSet set in sets)
            {
                SendDue(set, now, host);
            }

            bool timedOut = now >= startedAt + NetCheckTimes.StunTimeout;
            sets.ForEach(set => set.GaveUp |= timedOut && !set.IsDone);
            stunDone = now >= stopAt || sets.TrueForAll(static set => set.IsDone);
        }

        BeginHttps(now);
        bool httpsDone = !httpsBegun || httpsOpen.Count == 0 || answers > 0 || now >= httpsEndsAt;
        IsDone = stunDone && httpsDone;
        NextWake = IsDone ? TimeSpan.MaxValue : Wake(now);
    }

    /// <summary>Takes a STUN datagram; false when it has no influence. Call <see cref="Poll"/> afterwards.</summary>
    public bool Receive(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (IsDone || StunResponse.Read(datagram, out StunTransaction transaction, seenBuffer) != StunFault.None
            || !open.Remove(transaction, out (RunningSet Set, byte[] Server, TimeSpan SentAt) asked))
        {
            ignored++;
            return false;
        }

        asked.Set.IsDone = true;
        answers++;
        TimeSpan latency = now > asked.SentAt ? now - asked.SentAt : TimeSpan.Zero;
        slowest = latency > slowest ? latency : slowest;
        bool isV6 = asked.Set.Set.IsV6;
        int before = regions.Values.Count(static region => region.Latency is not null);
        Note(asked.Set.Set.Region, report => isV6 ? report with { V6 = Shorter(report.V6, latency) } : report with { V4 = Shorter(report.V4, latency) });
        int heard = regions.Values.Count(static region => region.Latency is not null);
        if (!options.EveryRegion && heard > before && heard == NetCheckTimes.EnoughRegions)
        {
            TimeSpan stop = now + (slowest * (IsFull ? 2 : 1));
            stopAt = stop < stopAt ? stop : stopAt;
        }

        if (!SeenEndpoint.IsPlausible(seenBuffer, asked.Server, options.OwnAddresses, options.TunnelAddresses))
        {
            // It answered, so UDP gets through and the region is so far away; where we are it does not know.
            ignored++;
            return true;
        }

        (isV6 ? v6 : v4).Add(asked.Server, [.. seenBuffer]);
        return true;
    }

    /// <summary>The system would not send the request of this transaction.</summary>
    public void NotSent(StunTransaction transaction)
    {
        if (!open.Remove(transaction, out (RunningSet Set, byte[] Server, TimeSpan SentAt) asked))
        {
            return;
        }

        _ = asked.Set.Set.IsV6 ? failedV6++ : failedV4++;
        asked.Set.Failed++;
        asked.Set.IsDone |= asked.Set.Failed == asked.Set.Set.Probes.Count;
    }

    /// <summary>Regions to be asked by HTTPS from now on, each handed out once; usually none.</summary>
    public IReadOnlyList<ProbeRegion> TakeHttpsWanted()
    {
        if (!httpsBegun || httpsTaken)
        {
            return [];
        }

        httpsTaken = true;
        return [.. httpsOpen.Values];
    }

    /// <summary>What became of an HTTPS request; null: no answer. Call <see cref="Poll"/> afterwards.</summary>
    public void HttpsAnswered(int regionId, TimeSpan? latency)
    {
        if (httpsOpen.Remove(regionId, out ProbeRegion? region) && latency is { } measured && !IsDone)
        {
            Note(region, report => report with { Https = measured });
        }
    }

    /// <summary>What was found out so far; without the choice of a home.</summary>
    public NetCheckReport Result()
    {
        IReadOnlyList<byte[]> seenV4 = v4.Endpoints(), seenV6 = v6.Endpoints();
        return new NetCheckReport
        {
            IsFull = IsFull,
            Udp = answers > 0,
            IPv4 = regions.Values.Any(static region => region.V4 is not null),
            IPv6 = regions.Values.Any(static region => region.V6 is not null),
            IPv4CanSend = sentV4 > failedV4,
            IPv6CanSend = sentV6 > failedV6,
            MappingVariesByDestIP = v4.Varies,
            GlobalV4 = [.. seenV4.Select(EndpointText.ToIPEndPoint)],
            GlobalV6 = [.. seenV6.Select(EndpointText.ToIPEndPoint)],
            Regions = [.. regions.Values.Select(region => region with { IsSilent = IsSilent(region) })],
            RequestsSent = sentV4 + sentV6,
            Answers = answers,
            IgnoredResponses = ignored,
        };
    }

    bool IsSilent(RegionReport region) =>
        region.V4 is null && region.V6 is null && sets.Exists(set => set.GaveUp && set.Set.Region.RegionId == region.RegionId);

    static TimeSpan Shorter(TimeSpan? known, TimeSpan measured) => known is { } value && value < measured ? value : measured;

    void SendDue(RunningSet set, TimeSpan now, NetCheckHost host)
    {
        while (!set.IsDone && set.Next < set.Set.Probes.Count && now >= startedAt + set.Set.Probes[set.Next].After)
        {
            if (!WouldHelp(set.Set))
            {
                set.IsDone = true;
                return;
            }

            Probe probe = set.Set.Probes[set.Next++];
            byte[] bytes = new byte[StunTransaction.Size];
            random.Fill(bytes, 0, bytes.Length);
            StunTransaction transaction = StunTransaction.Read(bytes);
            transaction = transaction with { High = ((ulong)mark << 32) | (uint)transaction.High };
            open[transaction] = (set, probe.Target, now);
            _ = set.Set.IsV6 ? sentV6++ : sentV4++;
            set.LastSentAt = now;
            StunRequest.Write(request, transaction);
            host.Send(request, probe.Target, transaction);
        }

        if (!set.IsDone && answers > 0 && set.Next == set.Set.Probes.Count && now >= GiveUpAt(set))
        {
            set.IsDone = set.GaveUp = true;
        }
    }

    // A region that is unknown yet; IPv6 while nothing is known of it; IPv4 while one cannot say how the NAT maps.
    bool WouldHelp(ProbeSet set) =>
        regions[set.Region.RegionId].Latency is null
        || (set.IsV6 ? !regions.Values.Any(static region => region.V6 is not null) : v4.Varies is null);

    TimeSpan GiveUpAt(RunningSet set) =>
        set.LastSentAt + (slowest * 3 > NetCheckTimes.SilentAfter ? slowest * 3 : NetCheckTimes.SilentAfter);

    void BeginHttps(TimeSpan now)
    {
        bool silent = !options.OnlyStun && answers == 0 && (stunDone || now >= startedAt + NetCheckTimes.HttpsAfter);
        if (httpsBegun || !silent)
        {
            return;
        }

        httpsBegun = true;
        httpsEndsAt = now + NetCheckTimes.HttpsTimeout;
        foreach (ProbeRegion region in httpsCandidates)
        {
            httpsOpen[region.RegionId] = region;
        }
    }

    TimeSpan Wake(TimeSpan now)
    {
        if (httpsBegun && !httpsTaken && httpsOpen.Count > 0)
        {
            return now; // Somebody is to ask for them.
        }

        TimeSpan next = stunDone ? TimeSpan.MaxValue : stopAt;
        foreach (RunningSet set in sets)
        {
            if (stunDone || set.IsDone)
            {
                continue;
            }

            bool more = set.Next < set.Set.Probes.Count;
            TimeSpan due = more ? startedAt + set.Set.Probes[set.Next].After : answers > 0 ? GiveUpAt(set) : TimeSpan.MaxValue;
            next = due < next ? due : next;
        }

        TimeSpan https = httpsBegun ? httpsEndsAt : answers == 0 && !options.OnlyStun ? startedAt + NetCheckTimes.HttpsAfter : TimeSpan.MaxValue;
        next = https < next ? https : next;
        return next > now ? next : now;
    }

    void Note(ProbeRegion region, Func<RegionReport, RegionReport> change)
    {
        RegionReport known = regions.GetValueOrDefault(region.RegionId) ?? new RegionReport(region.RegionId, region.Code, region.Name);
        regions[region.RegionId] = change(known);
    }

    /// <summary>How far the requests of a set have come.</summary>
    sealed class RunningSet(ProbeSet set)
    {
        public ProbeSet Set => set;

        public int Next { get; set; }

        public int Failed { get; set; }

        public TimeSpan LastSentAt { get; set; }

        public bool IsDone { get; set; }

        public bool GaveUp { get; set; }
    }
}
