using System;
using System.Globalization;
using System.IO;

namespace MeshIoT.Web.Metrics;

/// <summary>The process itself, in the names that all Prometheus clients use, and what it has written to the disk: cards wear out.</summary>
internal static class ProcessMetrics
{
    public static void Write(MetricWriter to, DateTimeOffset started)
    {
        to.Single("process_cpu_seconds_total", "counter", "Time of processors, user and system, in seconds.", Environment.CpuUsage.TotalTime.TotalSeconds);
        to.Single("process_resident_memory_bytes", "gauge", "Resident memory in bytes.", Environment.WorkingSet);
        to.Single("process_start_time_seconds", "gauge", "Start of the process, seconds since 1970-01-01 UTC.", started.ToUnixTimeMilliseconds() / 1000.0);
        if (WrittenBytes() is { } written)
        {
            to.Single("meshiot_disk_written_bytes_total", "counter", "Bytes that the process has had written to the disk.", written);
        }
    }

    // /proc/self/io: write_bytes is what was sent to the disk, in whole pages. proc_pid_io(5).
    static long? WrittenBytes()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/self/io"))
            {
                if (line.StartsWith("write_bytes: ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(13), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
                {
                    return bytes;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A kernel without accounting has nothing to say.
        }

        return null;
    }
}
