using System;
using System.Globalization;

namespace MeshIoT.Sensors.Host;

/// <summary>Share of memory that is not available to new programs: 1 − MemAvailable / MemTotal of /proc/meminfo (proc(5)).</summary>
internal sealed class MemoryUsed(string root) : Sensor(
    new("host.memory_used", "Memory used", "host", "memory_used", "%"))
{
    public override bool TryRead(long unixMs, out double value)
    {
        value = 0;
        if (!SysfsFile.TryReadText(root + "/proc/meminfo", out string text)
            || !TryFind(text, "MemTotal:", out long total) || !TryFind(text, "MemAvailable:", out long available)
            || total <= 0 || available < 0 || available > total)
        {
            return false;
        }

        value = Math.Round(100.0 * (total - available) / total, 1);
        return true;
    }

    static bool TryFind(string text, string name, out long kib)
    {
        kib = 0;
        int at = text.IndexOf(name, StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.AsSpan(at + name.Length).TrimStart(' ');
        int end = rest.IndexOfAny(' ', '\n');
        return long.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out kib);
    }
}
