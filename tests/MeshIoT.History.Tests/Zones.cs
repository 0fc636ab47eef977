using System;

namespace MeshIoT.History.Tests;

/// <summary>Central Europe's clocks, from the system's table or, where there is none, by the rule in force since 1996 (Directive 2000/84/EC).</summary>
internal static class Zones
{
    public static readonly TimeZoneInfo Berlin = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out TimeZoneInfo? zone) ? zone : ByRule();

    public static TimeZoneInfo ByRule()
    {
        TimeZoneInfo.TransitionTime LastSunday(int month, int hour) => TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, hour, 0, 0), month, 5, DayOfWeek.Sunday);
        return TimeZoneInfo.CreateCustomTimeZone(
            "test/berlin", TimeSpan.FromHours(1), "Berlin", "CET", "CEST",
            [TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), LastSunday(3, 2), LastSunday(10, 3))]);
    }

    /// <summary>A zone whose clocks change at midnight, as Beirut's and Cuba's do: midnight is skipped in March and comes twice in October.</summary>
    public static TimeZoneInfo AtMidnight()
    {
        TimeZoneInfo.TransitionTime LastSunday(int month) => TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1), month, 5, DayOfWeek.Sunday);
        return TimeZoneInfo.CreateCustomTimeZone(
            "test/midnight", TimeSpan.FromHours(2), "Midnight", "M", "MS",
            [TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), LastSunday(3), LastSunday(10))]);
    }
}
