using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Sensors.Host;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Pwm;

/// <summary>A pulse-width channel of the kernel in percent: a fan, a heater, a dimmer. Linux Documentation/driver-api/pwm.rst (sysfs).</summary>
public sealed class PwmOutput : OutputDevice
{
    /// <summary>How long the system's rules may take to give a new channel to this user, in steps of 20 ms.</summary>
    const int Patience = 50;

    readonly string chip, channel, root;
    readonly long periodNs;
    readonly bool isInverted;
    readonly int number;
    bool isReady, isOurs;

    PwmOutput(OutputEntry entry, IWiring wiring)
        : base(OutputDescription.Level(entry, "%", 0, 100))
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        string name = entry.Bus.Length > 0 ? entry.Bus : "pwmchip0";
        if (!name.StartsWith("pwmchip", StringComparison.Ordinal) || !int.TryParse(name.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw Faults.SettingMalformed.With("bus", name, entry.Origin, "a PWM chip such as \"pwmchip0\"").ToException();
        }

        number = options.Whole("channel", 0, 0, 255);
        root = wiring.Root;
        chip = $"{root}/sys/class/pwm/{name}";
        channel = string.Create(CultureInfo.InvariantCulture, $"{chip}/pwm{number}");
        periodNs = (long)Math.Round(1e9 / options.Number("frequency", 1000, 0.1, 1e7));
        isInverted = options.Flag("invert", false);
    }

    /// <summary>The driver <c>pwm</c>.</summary>
    public static IReadOnlyList<OutputDriver> Drivers { get; } =
    [
        new OutputDriver("pwm", "a pulse-width channel of the kernel, in percent", static (entry, wiring) => new PwmOutput(entry, wiring))
        {
            Options = new Dictionary<string, string>
            {
                ["channel"] = "a whole number from 0 to 255",
                ["frequency"] = "Hz, from 0.1 to 10000000",
                ["invert"] = "true when low is on",
            },
        },
    ];

    /// <inheritdoc/>
    public override FaultReport? TrySet(double value)
    {
        string? trouble = isReady ? null : Begin();
        if (trouble is null)
        {
            trouble = Write("duty_cycle", (long)Math.Round(periodNs * value / 100)) ?? Write("enable", 1);
            isReady = trouble is null;
        }

        return trouble is null ? null : Faults.OutputSilent.With(Description.Id, trouble);
    }

    /// <inheritdoc/>
    public override FaultReport? TryRead(out double value)
    {
        bool isRead = SysfsFile.TryReadNumber(channel + "/duty_cycle", out double duty);
        isRead &= SysfsFile.TryReadNumber(channel + "/period", out double period) && period > 0;
        isRead &= SysfsFile.TryReadNumber(channel + "/enable", out double enabled);
        value = isRead && enabled != 0 ? 100 * duty / period : 0;
        return isRead ? null : Faults.OutputSilent.With(Description.Id, channel + " cannot be read");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (isOurs)
        {
            SysfsFile.Write(chip + "/unexport", number.ToString(CultureInfo.InvariantCulture));
        }
    }

    string? Begin()
    {
        if (!Directory.Exists(chip))
        {
            return $"there is no {chip[root.Length..]}; on a Raspberry Pi it comes with dtoverlay=pwm";
        }

        if (!Directory.Exists(channel))
        {
            if (SysfsFile.Write(chip + "/export", number.ToString(CultureInfo.InvariantCulture)) is { } trouble)
            {
                return trouble;
            }

            isOurs = true;
        }

        // The kernel refuses a period below the pulse of before, a pulse while there is no period, and another polarity while it runs.
        string? why = null;
        for (int i = 0; i < (isOurs ? Patience : 1); i++)
        {
            why = Write("period", periodNs);
            if (why is not null)
            {
                why = Write("duty_cycle", 0) ?? Write("period", periodNs);
            }

            if (why is null)
            {
                break;
            }

            Thread.Sleep(20);
        }

        return why ?? (isInverted ? Write("enable", 0) ?? SysfsFile.Write(channel + "/polarity", "inversed") : null);
    }

    string? Write(string attribute, long value) => SysfsFile.Write($"{channel}/{attribute}", value.ToString(CultureInfo.InvariantCulture));
}
