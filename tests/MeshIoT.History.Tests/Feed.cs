using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Sensors;

namespace MeshIoT.History.Tests;

/// <summary>Readings for the tests of the history.</summary>
internal static class Feed
{
    public static readonly SensorDescription Probe = new("greenhouse.temperature", "Greenhouse", "sim", "temperature", "°C", Simulated: true);

    public static Reading Of(long unixMs, double value, SensorDescription? sensor = null) => new(sensor ?? Probe, value, unixMs, Quality.Good);

    public static long Now(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static long Utc(string iso) => DateTimeOffset.Parse(iso, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>A value that depends on the time alone, with two decimals.</summary>
    public static double ValueAt(long unixMs) => Math.Round(20 + (8 * Math.Sin(unixMs / 3.6e6)) + ((unixMs / 1000 * 7919 % 100) / 100.0), 2);

    /// <summary>What a query of measured values gave.</summary>
    public static (long, double)[] Values(HistorySeries series) => [.. series.Points.Select(p => (p.UnixMs, p.Mean))];

    /// <summary>The same by counting all over again.</summary>
    public static List<HistoryPoint> RollUp(IEnumerable<(long UnixMs, double Value)> points, Func<long, long> start) =>
        [.. points.GroupBy(p => start(p.UnixMs)).OrderBy(g => g.Key)
            .Select(g => new HistoryPoint(g.Key, g.Min(p => p.Value), g.Average(p => p.Value), g.Max(p => p.Value), g.Count()))];

    public static bool IsSame(HistoryPoint a, HistoryPoint b) =>
        (a.UnixMs, a.Min, a.Max, a.Count) == (b.UnixMs, b.Min, b.Max, b.Count) && Math.Abs(a.Mean - b.Mean) < 1e-6;
}
