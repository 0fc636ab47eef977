using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Sim;

/// <summary>Endpoint changes at a steady rate, whatever the answers take, each by another node; then a wait until all viewers have seen all of them.</summary>
internal sealed class ChangePhase(SimOptions options, Fleet fleet, CoordinatorProcess server, SimReport report, TextWriter progress)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), Step = TimeSpan.FromMilliseconds(5);

    public async Task RunAsync(CancellationToken ct)
    {
        int count = (int)(options.Rate * options.Changing.TotalSeconds);
        if (count == 0)
        {
            (report.ChangeP50S, report.ChangeP99S, report.ChangeWorstS) = (double.NaN, double.NaN, double.NaN);
            return;
        }

        progress.WriteLine($"{count} endpoint changes at {options.Rate}/s ...");
        (SimNode[] order, Changes changes) = Plan(count);
        fleet.Changes = changes;
        double cpu = server.Use.CpuSeconds;
        Stopwatch clock = Stopwatch.StartNew();
        List<Task<bool>> sending = [];
        while (sending.Count < count)
        {
            int due = Math.Min(count, 1 + (int)(clock.Elapsed.TotalSeconds * options.Rate));
            while (sending.Count < due)
            {
                sending.Add(order[sending.Count].ChangeAsync(sending.Count + 1, ct));
            }

            await Task.Delay(Step, ct).ConfigureAwait(false);
        }

        report.ChangeCpuPercent = (server.Use.CpuSeconds - cpu) / clock.Elapsed.TotalSeconds * 100;
        bool[] accepted = await Task.WhenAll(sending).ConfigureAwait(false);
        report.ChangesSent = accepted.Count(a => a);
        clock.Restart();
        while (changes.Tally().Missing > 0 && clock.Elapsed < Longest)
        {
            await Task.Delay(Step, ct).ConfigureAwait(false);
        }

        fleet.Changes = null;
        (report.SightingsExpected, report.SightingsMissing) = changes.Tally();
        (report.ChangeP50S, report.ChangeP99S, report.ChangeWorstS) =
            (changes.Latencies.Quantile(0.5), changes.Latencies.Quantile(0.99), changes.Latencies.Quantile(1));
    }

    // All nodes in a random order, again and again: the next change of a node comes as late as can be.
    (SimNode[] Order, Changes Changes) Plan(int count)
    {
        SimNode[] shuffled = [.. fleet.Nodes];
        new Random(1).Shuffle(shuffled);
        Dictionary<long, int> viewers = fleet.Viewers(), latest = [];
        SimNode[] order = new SimNode[count];
        Changes changes = new(1, count);
        for (int i = 0; i < count; i++)
        {
            SimNode node = order[i] = shuffled[i % shuffled.Length];
            changes.Plan(i + 1, latest.GetValueOrDefault(node.Id), viewers.GetValueOrDefault(node.Id));
            latest[node.Id] = i + 1;
        }

        return (order, changes);
    }
}
