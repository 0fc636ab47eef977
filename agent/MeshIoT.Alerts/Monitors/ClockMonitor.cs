using System;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Alerts.Monitors;

/// <summary>Judges this machine's clock by the coordinator's.</summary>
public static class ClockMonitor
{
    /// <summary>More than a clock that the network sets is ever off, and than a map stream's way takes.</summary>
    static readonly TimeSpan Allowed = TimeSpan.FromMinutes(2);

    /// <summary>What there is to say.</summary>
    /// <param name="ahead">How far the coordinator's clock is ahead; null: not known.</param>
    public static FaultReport? Look(TimeSpan? ahead) => ahead is { } off && off.Duration() > Allowed ? Faults.ClockOff.With(Say(off.Duration())) : null;

    static string Say(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Count(time):0} {(time.TotalHours < 2 ? "minutes" : time.TotalDays < 2 ? "hours" : "days")}");

    static double Count(TimeSpan time) => time.TotalHours < 2 ? time.TotalMinutes : time.TotalDays < 2 ? time.TotalHours : time.TotalDays;
}
