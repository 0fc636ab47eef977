using System;
using System.Device.Gpio;
using System.Threading;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Gpio;

/// <summary>
/// An input that is open and followed by its edges. It outlives a change of the configuration by passing from device to device, so that no pulse is
/// lost meanwhile.
/// </summary>
internal sealed class PinInput : IDisposable
{
    readonly Lock gate = new();
    readonly TimeProvider time;
    readonly GpioController controller;
    readonly PinTrack track;
    readonly ITimer? timer;

    /// <summary>Opens the pin. Throws what the wiring and its driver throw.</summary>
    /// <param name="wiring">Where the chip comes from.</param>
    /// <param name="setup">Which pin, and how.</param>
    /// <param name="time">Monotonic time and timers.</param>
    /// <param name="changed">Told of each change of the state, on any thread.</param>
    public PinInput(IWiring wiring, PinSetup setup, TimeProvider time, Action changed)
    {
        (this.time, Setup, Changed) = (time, setup, changed);
        controller = wiring.Gpio(setup.Chip);
        track = new PinTrack((long)(setup.Debounce.TotalSeconds * time.TimestampFrequency));
        PinLease.Open(controller, setup.Pin, setup.Mode);
        try
        {
            // The timer first: an edge may come at once.
            timer = setup.Debounce > TimeSpan.Zero ? time.CreateTimer(_ => Settle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) : null;
            controller.RegisterCallbackForPinValueChangedEvent(setup.Pin, PinEventTypes.Rising | PinEventTypes.Falling, OnEdge);
        }
        catch
        {
            timer?.Dispose();
            PinLease.Close(controller, setup.Pin);
            throw;
        }
    }

    /// <summary>Which pin it is, and how it is used.</summary>
    public PinSetup Setup { get; }

    /// <summary>Told of each change of the state, on any thread.</summary>
    public Action Changed { get; set; }

    /// <summary>Now: the state, the pulses so far, when the last one began, and the time. Throws what the driver throws.</summary>
    public (bool State, long Count, long LastPulse, long Now) Look()
    {
        bool level = IsActive(controller.Read(Setup.Pin) == PinValue.High);
        lock (gate)
        {
            long now = time.GetTimestamp();
            track.Look(level, now);
            return (track.State, track.Count, track.LastPulse, now);
        }
    }

    /// <summary>Goes on counting from here.</summary>
    public void CountFrom(long count)
    {
        lock (gate)
        {
            track.Count = count;
        }
    }

    public void Dispose()
    {
        // Not under the gate: closing waits for an edge that is just being told.
        timer?.Dispose();
        controller.UnregisterCallbackForPinValueChangedEvent(Setup.Pin, OnEdge);
        PinLease.Close(controller, Setup.Pin);
    }

    bool IsActive(bool isHigh) => isHigh != Setup.IsInverted;

    void OnEdge(object sender, PinValueChangedEventArgs e)
    {
        bool hasChanged;
        lock (gate)
        {
            long at = e is PinEdgeEventArgs edge && time == TimeProvider.System ? edge.Timestamp : time.GetTimestamp();
            hasChanged = track.Edge(IsActive(e.ChangeType == PinEventTypes.Rising), at);
            if (track.SettlesAt is { } settles)
            {
                Arm(settles);
            }
        }

        if (hasChanged)
        {
            Changed();
        }
    }

    void Settle()
    {
        bool level, hasChanged;
        try
        {
            level = IsActive(controller.Read(Setup.Pin) == PinValue.High);
        }
        catch (Exception)
        {
            // The next reading finds out and says so.
            return;
        }

        lock (gate)
        {
            hasChanged = track.Look(level, time.GetTimestamp());
            if (track.SettlesAt is { } settles)
            {
                Arm(settles);
            }
        }

        if (hasChanged)
        {
            Changed();
        }
    }

    void Arm(long settles)
    {
        double seconds = (settles - time.GetTimestamp()) / (double)time.TimestampFrequency;
        timer?.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(seconds * 1000))), Timeout.InfiniteTimeSpan);
    }
}
