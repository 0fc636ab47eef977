using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace MeshIoT.Sim;

/// <summary>
/// Follows changes from the moment their update is sent to the moment each viewer has read it. A later change of the same node that a viewer
/// sees instead counts for the earlier one too. Any thread.
/// </summary>
/// <param name="first">Number of the first change.</param>
/// <param name="capacity">How many there may be.</param>
internal sealed class Changes(int first, int capacity)
{
    readonly long[] sentAt = new long[capacity];
    readonly int[] previous = new int[capacity], expected = new int[capacity], seen = new int[capacity];
    readonly Latencies latencies = new();

    public Latencies Latencies => latencies;

    /// <summary>Plans a change: which of the node's it follows (0: none of ours), and how many should see it.</summary>
    public void Plan(int change, int earlier, int viewers) => (previous[change - first], expected[change - first]) = (earlier, viewers);

    /// <summary>Its update goes out now.</summary>
    public void Sent(int change)
    {
        if (IsOurs(change))
        {
            Volatile.Write(ref sentAt[change - first], Stopwatch.GetTimestamp());
        }
    }

    /// <summary>A viewer that last saw <paramref name="before"/> sees <paramref name="change"/>.</summary>
    public void Seen(int change, int before)
    {
        long now = Stopwatch.GetTimestamp();
        for (int at = change; IsOurs(at) && at > before; at = previous[at - first])
        {
            long sent = Volatile.Read(ref sentAt[at - first]);
            if (sent != 0)
            {
                Interlocked.Increment(ref seen[at - first]);
                latencies.Add(Stopwatch.GetElapsedTime(sent, now));
            }
        }
    }

    /// <summary>Sightings that should be, and how many of them are still missing; only changes that were sent count.</summary>
    public (long Expected, long Missing) Tally()
    {
        long all = 0, missing = 0;
        for (int i = 0; i < capacity; i++)
        {
            if (Volatile.Read(ref sentAt[i]) != 0)
            {
                all += expected[i];
                missing += Math.Max(0, expected[i] - Volatile.Read(ref seen[i]));
            }
        }

        return (all, missing);
    }

    bool IsOurs(int change) => change >= first && change < first + capacity;
}
