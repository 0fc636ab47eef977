using System;
using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Alerts;

/// <summary>When a fault becomes an alert, and how often people hear of it.</summary>
public sealed record AlertRules
{
    /// <summary>Faults below this are no alerts.</summary>
    public Severity Least { get; init; } = Severity.Medium;

    /// <summary>How long a fault must last before anybody hears of it; faults that were gone again before are nothing.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a fault must stay away before it counts as over: one that comes and goes is one alert.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a fault that lasts is said again; zero: never.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Most notices in an hour; what is over that is counted, and the count goes with the next notice. At least 1.</summary>
    public int MostPerHour { get; init; } = 20;

    /// <summary>What holds for single faults, by code.</summary>
    public IReadOnlyDictionary<string, AlertRule> ByCode { get; init; } = new Dictionary<string, AlertRule>();

    internal bool IsWanted(Fault fault) => ByCode.TryGetValue(fault.Code, out AlertRule? own) ? !own.IsMuted : fault.Severity >= Least;

    internal TimeSpan AfterOf(Fault fault) => ByCode.GetValueOrDefault(fault.Code)?.After ?? After;

    internal TimeSpan RepeatOf(Fault fault) => ByCode.GetValueOrDefault(fault.Code)?.Repeat ?? Repeat;
}
