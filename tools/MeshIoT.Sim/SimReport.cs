using System.Collections.Generic;

namespace MeshIoT.Sim;

/// <summary>The figures of one run. Seconds, KiB and percent of one core, as their JSON names say.</summary>
internal sealed class SimReport
{
    public required int Nodes { get; init; }

    public required int Hubs { get; init; }

    /// <summary>Of the coordinator, by nodes: (RSS with all idle - RSS fresh) / nodes.</summary>
    public double RssKibPerNode { get; set; }

    /// <summary>Processor time of the coordinator from the first node's dial until all have joined and are quiet, by nodes.</summary>
    public double CpuSPerNode { get; set; }

    /// <summary>From READY after kill -9 until the last node has its netmap again; all come at once. Median of the restarts.</summary>
    public double AdmitAllS { get; set; }

    public double ChangeP50S { get; set; }

    public double ChangeP99S { get; set; }

    /// <summary>Processor time of the coordinator while nothing changes, in percent of one core.</summary>
    public double IdleCpuPercent { get; set; }

    public long FreshRssKib { get; set; }

    public long IdleRssKib { get; set; }

    public long IdleRssLowestKib { get; set; }

    public long IdleRssHighestKib { get; set; }

    public long IdleAnonymousKib { get; set; }

    public int IdleThreads { get; set; }

    public double JoinAllS { get; set; }

    public double ChangeWorstS { get; set; }

    public long ChangesSent { get; set; }

    public long SightingsExpected { get; set; }

    public long SightingsMissing { get; set; }

    public double ChangeCpuPercent { get; set; }

    /// <summary>Each restart without jitter.</summary>
    public List<double> AdmitAllRounds { get; } = [];

    /// <summary>The same, counted from the kill.</summary>
    public List<double> AwayAllRounds { get; } = [];

    /// <summary>Processor time of the coordinator for each of them, by nodes.</summary>
    public List<double> ReadmitCpuSPerNode { get; } = [];

    public double? AdmitAllJitteredS { get; set; }

    public long RssAfterRestartKib { get; set; }

    public SortedDictionary<int, int> TurnedAway { get; } = [];

    public SortedDictionary<string, int> Failures { get; } = [];
}
