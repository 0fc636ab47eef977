using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Sim;

/// <summary>All nodes of a run, and what they have in common.</summary>
internal sealed class Fleet(FleetOptions options, Dialer dialer)
{
    readonly List<SimNode> nodes = [];
    readonly List<Task> running = [];
    readonly ConcurrentDictionary<string, int> failures = new();
    readonly ConcurrentDictionary<int, int> turnedAway = new();
    long admissions;

    public FleetOptions Options => options;

    public Dialer Dialer => dialer;

    public RandomSource Random { get; } = new SystemRandomSource();

    /// <summary>Where changes are noted while they are measured.</summary>
    public Changes? Changes { get; set; }

    /// <summary>How long nodes that lost their connection may wait before they try again.</summary>
    public TimeSpan LongestJitter { get; set; }

    public IReadOnlyList<SimNode> Nodes => nodes;

    /// <summary>How many first frames have come, counted since the start.</summary>
    public long Admissions => Interlocked.Read(ref admissions);

    /// <summary>Nodes with an open stream and a netmap on it.</summary>
    public int Admitted => nodes.Count(n => n.IsAdmitted);

    /// <summary>What went wrong, by kind.</summary>
    public IReadOnlyDictionary<string, int> Failures => failures;

    /// <summary>Answers other than yes, by status.</summary>
    public IReadOnlyDictionary<int, int> TurnedAway => turnedAway;

    /// <summary>Starts one more node.</summary>
    public SimNode Add(bool isHub, CancellationToken ct)
    {
        SimNode node = new(this, nodes.Count, isHub, options.SourceOf(nodes.Count));
        nodes.Add(node);
        running.Add(Task.Run(() => node.RunAsync(ct), CancellationToken.None));
        return node;
    }

    /// <summary>Waits for the end of all, and throws what one did not expect.</summary>
    public Task EndedAsync() => Task.WhenAll(running);

    /// <summary>Throws what a node did not expect, as soon as one has ended that way.</summary>
    public void ThrowIfBroken()
    {
        foreach (Task task in running.Where(t => t.IsFaulted))
        {
            task.GetAwaiter().GetResult();
        }
    }

    /// <summary>Per node id, how many others see it.</summary>
    public Dictionary<long, int> Viewers()
    {
        Dictionary<long, int> viewers = [];
        foreach (long id in nodes.SelectMany(n => n.PeerIds()))
        {
            viewers[id] = viewers.GetValueOrDefault(id) + 1;
        }

        return viewers;
    }

    public TimeSpan Jitter() => LongestJitter * System.Random.Shared.NextDouble();

    public void OnAdmitted() => Interlocked.Increment(ref admissions);

    public void CountFailure(Exception e)
    {
        // Kinds are few; texts of unknown origin must not make them many.
        string kind = e.Message.Length > 100 ? e.Message[..100] : e.Message;
        if (failures.Count < 100 || failures.ContainsKey(kind))
        {
            failures.AddOrUpdate(kind, 1, (_, n) => n + 1);
        }
    }

    public void CountTurnedAway(int status) => turnedAway.AddOrUpdate(status, 1, (_, n) => n + 1);
}
