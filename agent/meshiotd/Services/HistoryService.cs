using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Sensors;

namespace MeshIoT.Agent.Services;

/// <summary>
/// Keeps history of what the sampler reports. Readings go through a queue, so that no lane ever waits for a disk. The file is opened with the first reading
/// or question; switched off, there is neither file nor task. Trouble is on the health board.
/// </summary>
internal sealed class HistoryService : IDisposable
{
    /// <summary>Reports of lanes that may wait; at one a second a lane, minutes.</summary>
    const int QueueLength = 1024;

    /// <summary>How long the last readings may take to get into the store when it ends.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly Sampler sampler;
    readonly FaultBoard<string> health;
    readonly string path;
    readonly TimeProvider time;
    HistoryOptions? options;
    HistoryStore? store;
    Channel<IReadOnlyList<Reading>>? queue;
    Task keeping = Task.CompletedTask;
    long leftOut;

    public HistoryService(Sampler sampler, FaultBoard<string> health, string stateDirectory, TimeProvider time) =>
        (this.sampler, this.health, path, this.time) = (sampler, health, Path.Combine(stateDirectory, "history.db"), time);

    /// <summary>The history; null while none is kept.</summary>
    public HistoryStore? Store
    {
        get
        {
            lock (gate)
            {
                return options is null ? null : store ??= Open(options);
            }
        }
    }

    /// <summary>Means over equal parts of a time, for small pictures; all null while no history is kept.</summary>
    public IReadOnlyList<double?> Recent(string id, long from, long to, int parts) => Store?.Means(id, from, to, parts) ?? new double?[parts];

    /// <summary>Keeps history like this from now on; null: no longer.</summary>
    public void Use(HistoryOptions? changed)
    {
        lock (gate)
        {
            options = changed;
            store?.Use(changed ?? new HistoryOptions());
            if (changed is not null && queue is null)
            {
                queue = Channel.CreateBounded<IReadOnlyList<Reading>>(
                    new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, LeaveOut);
                keeping = KeepAsync(queue.Reader);
                sampler.Sampled += Take;
            }
        }

        if (changed is null)
        {
            End();
        }
    }

    /// <summary>Writes what waits, and ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            options = null;
        }

        End();
    }

    void End()
    {
        Task ending;
        lock (gate)
        {
            sampler.Sampled -= Take;
            queue?.Writer.TryComplete();
            queue = null;
            ending = keeping;
        }

        ending.Wait(Patience);
        lock (gate)
        {
            store?.Dispose();
            store = null;
        }

        health.Clear("history", "history-queue");
    }

    void Take(IReadOnlyList<Reading> readings) => queue?.Writer.TryWrite(readings);

    async Task KeepAsync(ChannelReader<IReadOnlyList<Reading>> reader)
    {
        await foreach (IReadOnlyList<Reading> readings in reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                Keep(readings);
            }
            catch (ObjectDisposedException)
            {
                // Switched off with readings still on their way.
            }
        }
    }

    void Keep(IReadOnlyList<Reading> readings)
    {
        HistoryStore to;
        lock (gate)
        {
            to = store ??= Open(options ?? new HistoryOptions());
        }

        to.Add(readings);
    }

    HistoryStore Open(HistoryOptions with)
    {
        HistoryStore opened = HistoryStore.Open(path, with, time);
        opened.ProblemChanged += problem => health.Show("history", problem);
        health.Show("history", opened.Problem);
        return opened;
    }

    void LeaveOut(IReadOnlyList<Reading> readings) => health.Set("history-queue", Faults.HistoryBehind.With(Interlocked.Add(ref leftOut, readings.Count)));
}
