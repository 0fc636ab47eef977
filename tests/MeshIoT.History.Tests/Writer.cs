using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using MeshIoT.Sensors;

namespace MeshIoT.History.Tests;

/// <summary>
/// This program once more, as a process that writes until it is killed: it says on standard output what it is sure of. Tests start it with an
/// environment variable and kill it with SIGKILL.
/// </summary>
internal static class Writer
{
    const string Variable = "MESHIOT_HISTORY_WRITER";

    /// <summary>Starts it on a file: <c>spool</c> or <c>history</c>, beginning with this number.</summary>
    public static Process Start(string kind, string path, int first)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{kind}|{path}|{first}");
        return Process.Start(start)!;
    }

    /// <summary>Kills it after so many of its lines; gives the last number that it said.</summary>
    public static int KillAfter(Process process, int lines)
    {
        int last = -1;
        string? line = "";
        for (int i = 0; i < lines && (line = process.StandardOutput.ReadLine()) is not null; i++)
        {
            last = int.Parse(line, CultureInfo.InvariantCulture);
        }

        process.Kill();

        // What it said before it died counts.
        while ((line = process.StandardOutput.ReadLine()) is not null)
        {
            last = int.TryParse(line, CultureInfo.InvariantCulture, out int n) && line.Length > 0 ? n : last;
        }

        process.WaitForExit();
        process.Dispose();
        return last;
    }

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } order)
        {
            return;
        }

        string[] parts = order.Split('|');
        int number = int.Parse(parts[2], CultureInfo.InvariantCulture);
        using Stream output = Console.OpenStandardOutput();
        Action<int> write = parts[0] == "spool" ? ToSpool(parts[1]) : ToHistory(parts[1]);
        for (Stopwatch life = Stopwatch.StartNew(); life.Elapsed < TimeSpan.FromMinutes(2); number++)
        {
            write(number);

            // One write a line, its end with it: what is read is whole.
            output.Write(System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture) + "\n"));
            output.Flush();
        }

        Environment.Exit(0);
    }

    static Action<int> ToSpool(string path)
    {
        Spool spool = Spool.Open(path, new SpoolOptions(), TimeProvider.System);
        spool.KeepReaders(["slow", "quick"]);
        return number =>
        {
            // Two that may be lost, and one that may not; a reader that takes all but one in three.
            spool.Append([Spools.Item(3 * number, 50), Spools.Item((3 * number) + 1, 500)], isUrgent: false);
            spool.Append([Spools.Item((3 * number) + 2, 200)], isUrgent: true);
            if (number % 3 > 0 && spool.Read("quick", 20) is { Count: > 0 } read)
            {
                spool.Acknowledge("quick", read[^1].Id);
            }
        };
    }

    static Action<int> ToHistory(string path)
    {
        HistoryStore store = HistoryStore.Open(path, new HistoryOptions { Zone = TimeZoneInfo.Utc, SortBytes = 4000 }, TimeProvider.System);
        return number =>
        {
            Reading[] readings = new Reading[100];
            for (int i = 0; i < readings.Length; i++)
            {
                readings[i] = Feed.Of(1_790_000_000_000 + (((number * 100L) + i) * 1000), (number * 100) + i);
            }

            store.Add(readings);
            if (!store.Flush())
            {
                Thread.Sleep(Timeout.Infinite);
            }
        };
    }
}
