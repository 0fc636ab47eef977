using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Bench;

/// <summary>Operations per second of several rounds on one thread; the first round warmed up and is not in it.</summary>
sealed record Measurement(string Subject, string Suite, string Unit, IReadOnlyList<double> Rounds)
{
    public const int RoundCount = 7;

    public static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(600);

    public double Median => Rounds.Order().ElementAt(Rounds.Count / 2);

    public double Slowest => Rounds.Min();

    public double Fastest => Rounds.Max();

    /// <summary>Runs batches until a round's time is over. A batch says how many operations it did and how long they took, without its preparations.</summary>
    public static Measurement Take(string subject, string suite, string unit, Func<(int Count, TimeSpan Time)> batch)
    {
        List<double> rounds = [];
        for (int round = 0; round <= RoundCount; round++)
        {
            long count = 0;
            TimeSpan time = TimeSpan.Zero;
            while (time < RoundTime)
            {
                (int done, TimeSpan took) = batch();
                count += done;
                time += took;
            }

            if (round > 0)
            {
                rounds.Add(count / time.TotalSeconds);
            }
        }

        return new Measurement(subject, suite, unit, rounds);
    }
}
