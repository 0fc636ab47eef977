using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace MeshIoT.Bench;

/// <summary>
/// Operations per second of several rounds on one thread; the first round warmed up and is not in it. By the wall clock, and by the
/// processor time of the process, which is the figure to compare when the machine has other things to do.
/// </summary>
sealed record Measurement(string Subject, string Suite, string Unit, IReadOnlyList<double> Rounds, IReadOnlyList<double> CpuRounds)
{
    public const int RoundCount = 7;

    public static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(600);

    public double Median => MedianOf(Rounds);

    public double Slowest => Rounds.Min();

    public double Fastest => Rounds.Max();

    public double CpuMedian => MedianOf(CpuRounds);

    /// <summary>Runs batches of a known size until a round's time is over; what <paramref name="prepare"/> does for a batch is not measured.</summary>
    public static Measurement Take(string subject, string suite, string unit, int size, Action prepare, Action batch)
    {
        List<double> rounds = [], cpuRounds = [];
        for (int round = 0; round <= RoundCount; round++)
        {
            long count = 0;
            TimeSpan wall = TimeSpan.Zero, cpu = TimeSpan.Zero;
            while (wall < RoundTime)
            {
                prepare();
                long start = Stopwatch.GetTimestamp();
                TimeSpan cpuStart = Environment.CpuUsage.TotalTime;
                batch();
                cpu += Environment.CpuUsage.TotalTime - cpuStart;
                wall += Stopwatch.GetElapsedTime(start);
                count += size;
            }

            if (round > 0)
            {
                rounds.Add(count / wall.TotalSeconds);
                cpuRounds.Add(count / cpu.TotalSeconds);
            }
        }

        return new Measurement(subject, suite, unit, rounds, cpuRounds);
    }

    static double MedianOf(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);
}
