using System;
using System.Threading;

namespace MeshIoT.Sim;

/// <summary>Counts times in steps of 0.1 ms up to a minute, whatever their number. Any thread.</summary>
internal sealed class Latencies
{
    const int StepsPerSecond = 10_000, Longest = 60 * StepsPerSecond;

    readonly int[] counts = new int[Longest + 1];
    long total;

    public long Count => Interlocked.Read(ref total);

    public void Add(TimeSpan time)
    {
        Interlocked.Increment(ref counts[(int)Math.Clamp(time.TotalSeconds * StepsPerSecond, 0, Longest)]);
        Interlocked.Increment(ref total);
    }

    /// <summary>The time within which <paramref name="fraction"/> (0-1) of all lie, in seconds, rounded up to 0.1 ms; NaN when there are none.</summary>
    public double Quantile(double fraction)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * fraction)), passed = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            passed += Volatile.Read(ref counts[i]);
            if (passed >= wanted)
            {
                return (i + 1.0) / StepsPerSecond;
            }
        }

        return double.NaN;
    }
}
