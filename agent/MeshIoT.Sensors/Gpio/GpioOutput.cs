using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.IO;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Gpio;

/// <summary>A GPIO line that drives: a relay, a lamp, a valve.</summary>
public sealed class GpioOutput : OutputDevice
{
    readonly IWiring wiring;
    readonly string chip;
    readonly int pin;
    readonly bool isActiveLow;
    GpioController? open;

    GpioOutput(OutputEntry entry, IWiring wiring)
        : base(OutputDescription.Switch(entry))
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        (this.wiring, chip, pin, isActiveLow) = (wiring, entry.Bus, options.Required("pin", 0, 1023), options.Flag("active_low", false));
    }

    /// <summary>The drivers <c>relay</c> and <c>gpio-out</c>, which are one.</summary>
    public static IReadOnlyList<OutputDriver> Drivers { get; } = [Driver("gpio-out", "a GPIO line that is on or off"), Driver("relay", "a relay at a GPIO line; many boards are active_low")];

    /// <inheritdoc/>
    public override FaultReport? TrySet(double value) => Do(() =>
    {
        PinValue level = (value != 0) != isActiveLow;
        if (open is null)
        {
            GpioController controller = wiring.Gpio(chip);
            PinLease.Open(controller, pin, PinMode.Output, level);
            open = controller;
        }
        else
        {
            open.Write(pin, level);
        }
    });

    /// <inheritdoc/>
    public override FaultReport? TryRead(out double value)
    {
        bool isOn = false;
        FaultReport? report = open is null ? Faults.OutputSilent.With(Description.Id, "it has not been set yet") : Do(() => isOn = open.Read(pin) == PinValue.High != isActiveLow);
        value = isOn ? 1 : 0;
        return report;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Close();

    static OutputDriver Driver(string name, string summary) => new(name, summary, static (entry, wiring) => new GpioOutput(entry, wiring))
    {
        Options = new Dictionary<string, string>
        {
            ["pin"] = "the number of the line on its chip: on a Raspberry Pi the GPIO number",
            ["active_low"] = "true when low is on",
        },
    };

    FaultReport? Do(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (FaultException e)
        {
            Close();
            return Faults.OutputSilent.With(Description.Id, e.Report.Message.TrimEnd('.'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            Close();
            return Faults.OutputSilent.With(Description.Id, e.Message.TrimEnd('.'));
        }
    }

    void Close()
    {
        if (open is { } controller)
        {
            open = null;
            PinLease.Close(controller, pin);
        }
    }
}
