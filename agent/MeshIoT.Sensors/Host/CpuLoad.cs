using System;
using System.Globalization;

namespace MeshIoT.Sensors.Host;

/// <summary>Share of processor time in use since the previous sample, all processors together, from /proc/stat (proc(5)).</summary>
internal sealed class CpuLoad(string root) : Sensor(
    new("host.cpu_load", "CPU load", "host", "cpu_load", "%"))
{
    long lastBusy = -1, lastTotal;

    public override bool TryRead(long unixMs, out double value)
    {
        value = 0;
        if (!SysfsFile.TryReadText(root + "/proc/stat", out string text) || !TryParse(text, out long busy, out long total))
        {
            return false;
        }

        // The first sample covers the time since boot: both deltas count from zero.
        long spent = total - (lastBusy < 0 ? 0 : lastTotal), worked = busy - (lastBusy < 0 ? 0 : lastBusy);
        (lastBusy, lastTotal) = (busy, total);
        if (spent <= 0 || worked < 0)
        {
            return spent == 0;
        }

        value = Math.Round(Math.Min(100.0, 100.0 * worked / spent), 1);
        return true;
    }

    /// <summary>First line: <c>cpu user nice system idle iowait irq softirq steal …</c> in clock ticks; idle + iowait is rest.</summary>
    internal static bool TryParse(string text, out long busy, out long total)
    {
        busy = total = 0;
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        ReadOnlySpan<char> line = end < 0 ? text : text.AsSpan(0, end);
        if (!line.StartsWith("cpu "))
        {
            return false;
        }

        int column = 0;
        foreach (Range part in line[4..].Split(' '))
        {
            ReadOnlySpan<char> word = line[4..][part];
            if (word.IsEmpty)
            {
                continue;
            }

            if (column >= 8)
            {
                break;
            }

            if (!long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks))
            {
                return false;
            }

            total += ticks;
            busy += column is 3 or 4 ? 0 : ticks;
            column++;
        }

        return column >= 4;
    }
}
