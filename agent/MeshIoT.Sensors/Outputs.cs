using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>
/// The outputs of a gateway: the one place through which MQTT, REST and command line set them. Each is set to its safe value at start, at the end, and
/// when a command's time is over. Any thread.
/// </summary>
public sealed class Outputs : IDisposable
{
    /// <summary>Commands that come quickly are kept on the disk this often at most.</summary>
    static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();
    readonly Lock keeping = new();
    readonly TimeProvider time;
    readonly IOutputMemory? memory;
    readonly ITimer timer;
    readonly Dictionary<string, SavedOutput> kept = new(StringComparer.Ordinal);
    volatile Dictionary<string, OutputSlot> slots = new(StringComparer.Ordinal);
    DateTimeOffset keptAt = DateTimeOffset.MinValue;
    bool isWaiting;

    /// <summary>No outputs yet.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="memory">Keeps the last commands; null: nothing is kept.</param>
    public Outputs(TimeProvider time, IOutputMemory? memory)
    {
        (this.time, this.memory) = (time, memory);
        timer = time.CreateTimer(_ => Keep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (SavedOutput saved in memory?.Load() ?? [])
        {
            kept[saved.Id] = saved;
        }
    }

    /// <summary>Told of every change of an output, in order; must be quick, must not throw and must not set outputs.</summary>
    public event Action<OutputState>? Changed;

    /// <summary>Told when the last commands cannot be kept, and with null when they can again.</summary>
    public event Action<FaultReport?>? Keeping;

    /// <summary>All outputs as they are now, in no order.</summary>
    public IReadOnlyList<OutputState> Current
    {
        get
        {
            List<OutputState> all = [];
            foreach (OutputSlot slot in slots.Values)
            {
                all.Add(slot.State);
            }

            return all;
        }
    }

    /// <summary>The output of that id as it is now; null: there is none.</summary>
    public OutputState? Find(string id) => slots.GetValueOrDefault(id)?.State;

    /// <summary>Sets an output.</summary>
    /// <param name="id">Which.</param>
    /// <param name="value">Within its bounds; 0 or 1 for a switch.</param>
    /// <param name="who">Who wants it, for status and log: "cli", "mqtt: NAME".</param>
    /// <param name="howLong">After this it goes back to its safe value; null: as long as its entry allows.</param>
    /// <returns>Null when it is so.</returns>
    public FaultReport? TrySet(string id, double value, string who, TimeSpan? howLong = null)
    {
        if (!slots.TryGetValue(id, out OutputSlot? slot))
        {
            return Faults.NoSuchOutput.With(id.Length <= 80 ? id : id[..80]);
        }

        FaultReport? report = slot.TrySet(value, who, howLong);
        if (report is null && slot.Entry.Restore)
        {
            KeepSoon();
        }

        return report;
    }

    /// <summary>Sets an output to <c>on</c>, <c>off</c> or a number as text; see <see cref="OutputValue.TryParse"/>.</summary>
    public FaultReport? TrySet(string id, string text, string who, TimeSpan? howLong = null) =>
        !slots.TryGetValue(id, out OutputSlot? slot) ? Faults.NoSuchOutput.With(id.Length <= 80 ? id : id[..80])
        : OutputValue.TryParse(slot.State.Output, text, out double value) ?? TrySet(id, value, who, howLong);

    /// <summary>Compares every output with its hardware; one that somebody else has set is told as changed.</summary>
    public void LookForStrangers()
    {
        foreach (OutputSlot slot in slots.Values)
        {
            slot.LookForStrangers();
        }
    }

    /// <summary>
    /// Takes these outputs in place of the present ones. One whose hardware is the same stays as it is set, under the new rules; the others go to their
    /// safe values.
    /// </summary>
    /// <param name="entries">What the configuration says.</param>
    /// <param name="make">Makes a device; may throw a fault.</param>
    /// <returns>What is wrong with entries that were left out, by id.</returns>
    public IReadOnlyDictionary<string, FaultReport> Use(IEnumerable<OutputEntry> entries, Func<OutputEntry, OutputDevice> make)
    {
        Dictionary<string, FaultReport> wrong = new(StringComparer.Ordinal);
        lock (gate)
        {
            Dictionary<string, OutputSlot> before = new(slots, StringComparer.Ordinal), after = new(StringComparer.Ordinal);
            List<OutputEntry> fresh = [];
            foreach (OutputEntry entry in entries)
            {
                try
                {
                    if (before.TryGetValue(entry.Id, out OutputSlot? slot) && slot.IsSameHardware(entry))
                    {
                        slot.Use(entry);
                        before.Remove(entry.Id);
                        after[entry.Id] = slot;
                    }
                    else
                    {
                        fresh.Add(entry);
                    }
                }
                catch (FaultException e)
                {
                    wrong[entry.Id] = e.Report;
                }
            }

            // First those that go: another may want their pins.
            foreach (OutputSlot gone in before.Values)
            {
                gone.Dispose();
            }

            foreach (OutputEntry entry in fresh)
            {
                try
                {
                    OutputSlot slot = new(make(entry), entry, time, state => Changed?.Invoke(state));
                    after[entry.Id] = slot;
                    slot.Start(kept.GetValueOrDefault(entry.Id));
                }
                catch (FaultException e)
                {
                    wrong[entry.Id] = e.Report;
                }
            }

            slots = after;
        }

        return wrong;
    }

    /// <summary>Sets all to their safe values and gives the hardware back. The last commands stay kept.</summary>
    public void Dispose()
    {
        Keep();
        timer.Dispose();
        lock (gate)
        {
            foreach (OutputSlot slot in slots.Values)
            {
                slot.Dispose();
            }

            slots = new(StringComparer.Ordinal);
        }
    }

    // At once, and after that no more often than KeepEvery: a memory card wears out.
    void KeepSoon()
    {
        lock (keeping)
        {
            if (isWaiting)
            {
                return;
            }

            TimeSpan left = keptAt + KeepEvery - time.GetUtcNow();
            if (left > TimeSpan.Zero && left <= KeepEvery)
            {
                isWaiting = true;
                timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Keep();
    }

    void Keep()
    {
        if (memory is null)
        {
            return;
        }

        lock (keeping)
        {
            isWaiting = false;
            bool hasChanged = false;
            foreach ((string id, OutputSlot slot) in slots)
            {
                if (slot.Entry.Restore && slot.Commanded is { } now && (!kept.TryGetValue(id, out SavedOutput? then) || then != now))
                {
                    kept[id] = now;
                    hasChanged = true;
                }
            }

            if (hasChanged)
            {
                keptAt = time.GetUtcNow();
                FaultReport? report = memory.Save([.. kept.Values]);
                Keeping?.Invoke(report);
            }
        }
    }
}
