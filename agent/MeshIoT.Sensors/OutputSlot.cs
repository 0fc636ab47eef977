using System;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>
/// One output with its rules: what it is set to at start and at the end, and how long a command holds. What it owes by itself (the safe value) it tries
/// again until it succeeds; a command that fails is the commander's to repeat. Any thread.
/// </summary>
internal sealed class OutputSlot : IDisposable
{
    static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5), LongestRetry = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly TimeProvider time;
    readonly OutputDevice device;
    readonly Action<OutputState> changed;
    readonly ITimer timer;
    OutputEntry entry;
    double? safe;
    TimeSpan retry = FirstRetry;
    (double Value, string Who, long UntilUnixMs)? owed;
    bool isOver;

    /// <summary>Takes the device; touches nothing yet. Throws a fault for a fail_safe that the output does not take.</summary>
    /// <param name="device">The device, owned by this object from here on.</param>
    /// <param name="entry">Its rules.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Told of every change, in order; must be quick and must not throw.</param>
    public OutputSlot(OutputDevice device, OutputEntry entry, TimeProvider time, Action<OutputState> changed)
    {
        (this.device, this.entry, this.time, this.changed) = (device, entry, time, changed);
        safe = SafeValue(device.Description, entry);
        State = new OutputState(device.Description, null, 0, "");
        timer = time.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How it is now.</summary>
    public OutputState State { get; private set; }

    /// <summary>Its rules.</summary>
    public OutputEntry Entry => entry;

    /// <summary>The value that was commanded last, and until when; null: none was.</summary>
    public SavedOutput? Commanded { get; private set; }

    /// <summary>True when another entry describes the same hardware: then the rules alone change.</summary>
    public bool IsSameHardware(OutputEntry other)
    {
        if (other.Driver != entry.Driver || other.Bus != entry.Bus || other.Options.Count != entry.Options.Count)
        {
            return false;
        }

        foreach ((string option, string value) in entry.Options)
        {
            if (!other.Options.TryGetValue(option, out string? same) || same != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes other rules for the same hardware. Throws a fault for a fail_safe that the output does not take.</summary>
    public void Use(OutputEntry other)
    {
        lock (gate)
        {
            safe = SafeValue(device.Description, other);
            entry = other;
            State = State with { Output = State.Output with { Name = other.Name.Length > 0 ? other.Name : other.Id, Room = other.Room } };
            if (State.Value is { } value && owed is null)
            {
                Limit(value, State.UntilUnixMs is { } until ? TimeSpan.FromMilliseconds(Math.Max(1, until - Now())) : null);
            }

            changed(State);
        }
    }

    /// <summary>Sets what it is to be at start: the kept command if that still holds, else the safe value.</summary>
    public void Start(SavedOutput? kept)
    {
        lock (gate)
        {
            long now = Now();
            bool holds = kept is not null && entry.Restore && OutputValue.Check(device.Description, kept.Value) is null && (kept.UntilUnixMs == 0 || kept.UntilUnixMs > now);
            if (holds)
            {
                Commanded = kept;
                Owe(kept!.Value, "restored", kept.UntilUnixMs);
            }
            else if (safe is { } value)
            {
                Owe(value, "start", 0);
            }
        }
    }

    /// <summary>Sets it. Null when it is so.</summary>
    public FaultReport? TrySet(double value, string who, TimeSpan? howLong)
    {
        lock (gate)
        {
            if (isOver)
            {
                return Faults.NoSuchOutput.With(device.Description.Id);
            }

            if (OutputValue.Check(device.Description, value) is { } malformed)
            {
                return malformed;
            }

            if (howLong is not null && safe is null)
            {
                return Faults.OutputHasNoSafeValue.With(device.Description.Id);
            }

            FaultReport? problem = device.TrySet(value);
            if (problem is null)
            {
                owed = null;
                State = State with { Value = value, UnixMs = Now(), Who = who, Problem = null };
                Limit(value, howLong);
                Commanded = new SavedOutput(device.Description.Id, value, State.UntilUnixMs ?? 0);
            }
            else
            {
                // Nobody knows how it is now. A time that runs goes on: at its end the safe value is tried.
                State = State with { Value = null, Problem = problem };
            }

            changed(State);
            return problem;
        }
    }

    /// <summary>Looks at the hardware: true when it is not what it was set to, which is then told.</summary>
    public bool LookForStrangers()
    {
        lock (gate)
        {
            if (isOver || State.Value is not { } value || device.TryRead(out double real) is not null || Math.Abs(real - value) <= 1e-3 * (device.Description.Highest - device.Description.Lowest))
            {
                return false;
            }

            State = State with { Value = real, UnixMs = Now(), Who = "somebody else" };
            changed(State);
            return true;
        }
    }

    /// <summary>Sets the safe value and gives the hardware back.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isOver)
            {
                return;
            }

            isOver = true;
            timer.Dispose();
            if (safe is { } value && State.Value != value)
            {
                device.TrySet(value);
            }

            device.Dispose();
        }
    }

    static double? SafeValue(OutputDescription output, OutputEntry entry)
    {
        if (entry.FailSafe == "keep")
        {
            return entry.MaxOn is null ? null : throw Faults.SettingMalformed.With("max_on", entry.MaxOn, entry.Origin, "left out where fail_safe is \"keep\"").ToException();
        }

        return OutputValue.TryParse(output, entry.FailSafe, out double value) is { } report
            ? throw Faults.SettingMalformed.With("fail_safe", entry.FailSafe, entry.Origin, "\"keep\", or a value of the output: " + report.Next).ToException()
            : value;
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    // The end of this command: the shorter of its own time and the entry's; none at the safe value.
    void Limit(double value, TimeSpan? howLong)
    {
        TimeSpan? limit = safe is null || value == safe ? null : howLong is { } own && (entry.MaxOn is not { } most || own < most) ? own : entry.MaxOn;
        State = State with { UntilUnixMs = limit is { } left ? Now() + (long)left.TotalMilliseconds : null };
        timer.Change(limit ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // Sets what is owed, and goes on trying.
    void Owe(double value, string who, long untilUnixMs)
    {
        FaultReport? problem = device.TrySet(value);
        if (problem is null)
        {
            owed = null;
            retry = FirstRetry;
            State = State with { Value = value, UnixMs = Now(), Who = who, Problem = null };
            Limit(value, untilUnixMs != 0 ? TimeSpan.FromMilliseconds(Math.Max(1, untilUnixMs - Now())) : null);
        }
        else
        {
            owed = (value, who, untilUnixMs);
            State = State with { Value = null, UntilUnixMs = null, Problem = problem };
            timer.Change(retry, Timeout.InfiniteTimeSpan);
            retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
        }

        changed(State);
    }

    void OnTime()
    {
        lock (gate)
        {
            if (isOver)
            {
                return;
            }

            if (owed is { } debt && (debt.UntilUnixMs == 0 || debt.UntilUnixMs > Now()))
            {
                Owe(debt.Value, debt.Who, debt.UntilUnixMs);
            }
            else if (safe is { } value)
            {
                Commanded = null;
                Owe(value, "time over", 0);
            }
        }
    }
}
