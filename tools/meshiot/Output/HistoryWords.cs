using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Output;

/// <summary>History for a terminal: two lines that say what it was like, then the points.</summary>
internal static class HistoryWords
{
    const int Wide = 60;

    public static void Write(TextWriter to, HistoryAnswer answer, long from, long until, bool blocks)
    {
        HistoryDto history = answer.History;
        string name = answer.Name is { } given ? "  " + Words.Cell(given) : "";
        to.WriteLine($"{Words.Cell(answer.Gateway)}/{Words.Cell(history.Sensor)}{name}  {Words.Cell(history.Unit)}  {Time(from)} to {Time(until)}  {history.Resolution}");
        if (history.Points.Count == 0)
        {
            to.WriteLine("nothing was kept for this time");
            return;
        }

        long count = history.Points.Sum(p => p.Count);
        double mean = history.Points.Sum(p => p.Mean * p.Count) / count;
        string heights = Sparkline.Of(Heights(history.Points, from, until), blocks);
        to.WriteLine($"{heights}  min {Number(history.Points.Min(p => p.Min))}  mean {Number(mean)}  max {Number(history.Points.Max(p => p.Max))}  {count.ToString(CultureInfo.InvariantCulture)} values");
        Columns columns = new();
        columns.Add("Time", "Min", "Mean", "Max", "Values");
        foreach (HistoryPointDto p in history.Points)
        {
            columns.Add(Time(p.UnixMs), Number(p.Min), Number(p.Mean), Number(p.Max), p.Count.ToString(CultureInfo.InvariantCulture));
        }

        columns.Write(to);
    }

    // The mean of each part of the time, so that a gap is as wide as it was long.
    static double?[] Heights(IReadOnlyList<HistoryPointDto> points, long from, long until)
    {
        (double Sum, long Count)[] parts = new (double, long)[Wide];
        foreach (HistoryPointDto p in points)
        {
            ref (double Sum, long Count) part = ref parts[(int)Math.Clamp((p.UnixMs - from) * Wide / Math.Max(1, until - from), 0, Wide - 1)];
            part = (part.Sum + (p.Mean * p.Count), part.Count + p.Count);
        }

        return [.. parts.Select(part => part.Count == 0 ? (double?)null : part.Sum / part.Count)];
    }

    static string Number(double value) => Math.Round(value, 4).ToString("0.####", CultureInfo.InvariantCulture);

    static string Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
