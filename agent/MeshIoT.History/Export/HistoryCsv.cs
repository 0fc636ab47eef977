using System;
using System.Globalization;
using System.Text;

namespace MeshIoT.History;

/// <summary>History as CSV (RFC 4180): one value a line, measured ones as <c>time,sensor,value,unit</c>, others as <c>time,sensor,min,mean,max,count,unit</c>.</summary>
public static class HistoryCsv
{
    /// <summary>The line of names.</summary>
    public static string Header(Resolution resolution) => resolution == Resolution.Raw ? "time,sensor,value,unit\r\n" : "time,sensor,min,mean,max,count,unit\r\n";

    /// <summary>The lines of a series.</summary>
    public static void Append(StringBuilder text, HistorySeries series, bool isRaw, TimeZoneInfo zone)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        string sensor = Quote(series.SensorId), unit = Quote(series.Unit);
        foreach (HistoryPoint p in series.Points)
        {
            text.Append(HistoryTime.Text(p.UnixMs, zone)).Append(',').Append(sensor).Append(',');
            if (isRaw)
            {
                text.Append(c, $"{Math.Round(p.Mean, 6)},");
            }
            else
            {
                text.Append(c, $"{Math.Round(p.Min, 6)},{Math.Round(p.Mean, 6)},{Math.Round(p.Max, 6)},{p.Count},");
            }

            text.Append(unit).Append("\r\n");
        }
    }

    static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
