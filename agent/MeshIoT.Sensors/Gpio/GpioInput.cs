using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.IO;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Gpio;

/// <summary>
/// A GPIO input as a sensor: its state (told at once when it changes), its pulses, or how many come in a second. Contacts, motion detectors, water and
/// power meters, rain and wind gauges.
/// </summary>
public sealed class GpioInput : SensorDevice
{
    static readonly TimeSpan UsualDebounce = TimeSpan.FromMilliseconds(5), LongestDebounce = TimeSpan.FromSeconds(60);

    readonly SensorEntry entry;
    readonly IWiring wiring;
    readonly TimeProvider time;
    readonly PinSetup setup;
    readonly string[] modes;
    PinInput? input;
    long countFrom, readCount, readPulse, readAt;
    bool isRunning;

    internal GpioInput(SensorEntry entry, IWiring wiring, TimeProvider time)
        : this(entry, wiring, time, Modes(entry))
    {
    }

    GpioInput(SensorEntry entry, IWiring wiring, TimeProvider time, string[] modes)
        : base(Describe(entry, modes), "gpio") =>
        (this.entry, this.wiring, this.time, this.modes, setup) = (entry, wiring, time, modes, Setup(entry));

    /// <summary>The driver <c>gpio-in</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("gpio-in", "a GPIO input: state, pulses counted, or frequency; contacts, motion detectors, meters, rain and wind gauges",
            static (entry, wiring) => new GpioInput(entry, wiring, TimeProvider.System))
        {
            Bus = "gpio",
            Options = new Dictionary<string, string>
            {
                ["pin"] = "the number of the line on its chip: on a Raspberry Pi the GPIO number",
                ["pull"] = "up, down or none",
                ["invert"] = "true when low is active",
                ["debounce"] = "a time from 0 to \"60s\" that a level must last, such as \"5ms\"",
                ["mode"] = "state, count, frequency, or a list of them",
                ["quantity"] = "what the state means, in Home Assistant's words (opening, motion, moisture …)",
            },
        },
    ];

    /// <inheritdoc/>
    public override FaultReport? Read(long unixMs, Span<double> values)
    {
        try
        {
            if (input is null)
            {
                input = new PinInput(wiring, setup, time, Told);
                input.CountFrom(countFrom);
            }

            (bool state, long count, long pulse, long now) = input.Look();
            for (int i = 0; i < modes.Length; i++)
            {
                values[i] = modes[i] switch { "state" => state ? 1 : 0, "count" => count, _ => Frequency(count, pulse, now) };
            }

            countFrom = count;
            return null;
        }
        catch (FaultException e)
        {
            return e.Report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return Faults.SensorSilent.With(entry.Id, e.Message);
        }
    }

    /// <inheritdoc/>
    public override void TakeOver(SensorDevice before)
    {
        if (before is not GpioInput other)
        {
            return;
        }

        if (other.input is { } open && other.setup == setup && other.wiring == wiring)
        {
            // The pin stays open meanwhile: not one pulse is lost.
            (input, other.input) = (open, null);
            (readCount, readPulse, readAt, isRunning) = (other.readCount, other.readPulse, other.readAt, other.isRunning);
            input.Changed = Told;
        }
        else
        {
            try
            {
                countFrom = other.input?.Look().Count ?? other.countFrom;
            }
            catch (Exception e) when (e is FaultException or IOException or InvalidOperationException)
            {
                countFrom = other.countFrom;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        input?.Dispose();
        input = null;
    }

    static string[] Modes(SensorEntry entry)
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        string[] modes = options.Text("mode", "state").Split((char[])['\n', ','], StringSplitOptions.TrimEntries);
        for (int i = 0; i < modes.Length; i++)
        {
            if (modes[i] is not ("state" or "count" or "frequency") || Array.IndexOf(modes, modes[i]) != i)
            {
                throw options.Malformed("mode", "state, count, frequency, or a list of them");
            }
        }

        return modes;
    }

    static IReadOnlyList<SensorDescription> Describe(SensorEntry entry, string[] modes) => EntryChannel.Describe(entry, Array.ConvertAll(modes, mode => mode switch
    {
        "state" => new EntryChannel("state", new EntryOptions(entry.Options, entry.Origin).Text("quantity", "state"), "", 0),
        "count" => new EntryChannel("count", "count", "", 0),
        _ => new EntryChannel("frequency", "frequency", "Hz", 3),
    }));

    static PinSetup Setup(SensorEntry entry)
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        PinMode mode = options.Choice("pull", "none", "up", "down", "none") switch { "up" => PinMode.InputPullUp, "down" => PinMode.InputPullDown, _ => PinMode.Input };
        return new PinSetup(entry.Bus, options.Required("pin", 0, 1023), mode, options.Flag("invert", false), options.Time("debounce", UsualDebounce, TimeSpan.Zero, LongestDebounce));
    }

    // Pulses over the time from the last pulse before to the last one now: exact also when few come between two readings.
    double Frequency(long count, long pulse, long now)
    {
        long pulses = count - readCount;
        long over = isRunning && readPulse != 0 ? pulse - readPulse : now - readAt;
        double hertz = readAt == 0 || pulses <= 0 || over <= 0 ? 0 : pulses * (double)time.TimestampFrequency / over;
        (readCount, readPulse, readAt, isRunning) = (count, pulse, now, pulses > 0);
        return hertz;
    }

    void Told()
    {
        if (Array.IndexOf(modes, "state") >= 0)
        {
            AskToBeRead();
        }
    }
}
