using System;
using System.Globalization;
using System.IO;

namespace MeshIoT.Sim;

/// <summary>Memory and processor time of one process, as Linux counts them. proc(5).</summary>
/// <param name="RssKib">Resident memory.</param>
/// <param name="AnonymousKib">Of it, what no file backs.</param>
/// <param name="CpuSeconds">Used since it started; counted in hundredths.</param>
/// <param name="Threads">Threads.</param>
internal sealed record ProcessUse(long RssKib, long AnonymousKib, double CpuSeconds, int Threads)
{
    const double TicksPerSecond = 100;

    public static ProcessUse Read(int processId)
    {
        long rss = 0, anonymous = 0;
        int threads = 0;
        foreach (string line in File.ReadLines($"/proc/{processId}/status"))
        {
            string[] parts = line.Split((char[])[' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
            switch (parts)
            {
                case ["VmRSS", var kib, ..]:
                    rss = long.Parse(kib, CultureInfo.InvariantCulture);
                    break;
                case ["RssAnon", var kib, ..]:
                    anonymous = long.Parse(kib, CultureInfo.InvariantCulture);
                    break;
                case ["Threads", var count]:
                    threads = int.Parse(count, CultureInfo.InvariantCulture);
                    break;
                default:
                    break;
            }
        }

        // Behind the name, which may hold anything: state is field 3, user time 14, system time 15.
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessUse(rss, anonymous, ticks / TicksPerSecond, threads);
    }
}
