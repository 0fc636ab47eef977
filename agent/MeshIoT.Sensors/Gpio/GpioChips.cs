using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Globalization;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Linux.Gpio;

namespace MeshIoT.Sensors.Gpio;

/// <summary>
/// Finds GPIO chips by name or label and opens each once. The header's chip of a Raspberry Pi is known by its label: numbers depend on the order in
/// which the kernel loads drivers.
/// </summary>
internal sealed class GpioChips(GpioDriverChoice choice, Action<string> log) : IDisposable
{
    /// <summary>Chips behind the header of Raspberry Pi 5, 4 and before; those of a Pi have 54 lines.</summary>
    static readonly string[] HeaderLabels = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"];

    const int HeaderLines = 54;

    readonly Dictionary<string, GpioController> open = new(StringComparer.Ordinal);

    /// <summary>The controller of a chip, the same for its name and its label. Throws gpio-chip-missing, gpio-denied, gpio-unusable.</summary>
    public GpioController Get(string wanted)
    {
        lock (open)
        {
            if (open.TryGetValue(wanted, out GpioController? known))
            {
                return known;
            }

            IReadOnlyList<GpioChipDescription> chips = GpioChip.Discover("/dev", out FaultReport? refused);
            GpioChipDescription chip = Choose(chips, wanted)
                ?? throw (refused ?? Faults.GpioChipMissing.With(wanted.Length > 0 ? wanted : "of a pin header", Describe(chips))).ToException();
            if (!open.TryGetValue(chip.Path, out GpioController? controller))
            {
                (GpioDriver driver, string way) = Open(chip);
                controller = new GpioController(driver);
                open.Add(chip.Path, controller);
                log($"GPIO: {Describe([chip])} through {way}");
            }

            return open[wanted] = controller;
        }
    }

    public void Dispose()
    {
        lock (open)
        {
            foreach (GpioController controller in open.Values.Distinct())
            {
                controller.Dispose();
            }

            open.Clear();
        }
    }

    /// <summary>The chip that is meant: by name or label; for "" the header's, or the only one there is. Null: none.</summary>
    internal static GpioChipDescription? Choose(IReadOnlyList<GpioChipDescription> chips, string wanted)
    {
        if (wanted.Length > 0)
        {
            return chips.FirstOrDefault(c => c.Name == wanted || c.Path == wanted || c.Path == "/dev/" + wanted) ?? chips.FirstOrDefault(c => c.Label == wanted);
        }

        foreach (string label in HeaderLabels)
        {
            if (chips.FirstOrDefault(c => c.Label == label) is { } chip)
            {
                return chip;
            }
        }

        return chips.FirstOrDefault(static c => c.Lines == HeaderLines) ?? (chips.Count == 1 ? chips[0] : null);
    }

    /// <summary>Chips as people read them.</summary>
    internal static string Describe(IReadOnlyList<GpioChipDescription> chips) => chips.Count == 0 ? "none"
        : string.Join(", ", chips.Select(static c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} ({c.Label}, {c.Lines} lines)")));

    (GpioDriver Driver, string Way) Open(GpioChipDescription info)
    {
        const string Character = "the kernel's character device";
        if (choice is GpioDriverChoice.Auto or GpioDriverChoice.Kernel)
        {
            GpioChip chip = GpioChip.Open(info.Path);
            if (choice == GpioDriverChoice.Kernel || chip.IsUsable)
            {
                return (new KernelGpioDriver(chip), Character);
            }

            chip.Dispose();
        }

        int number = int.Parse(info.Name.AsSpan("gpiochip".Length), CultureInfo.InvariantCulture);
        try
        {
            return choice == GpioDriverChoice.Libgpiod2 ? (new LibGpiodV2Driver(number), "libgpiod 2") : (new LibGpiodDriver(number), "libgpiod 1");
        }
        catch (Exception e) when (e is PlatformNotSupportedException or DllNotFoundException or TypeInitializationException or System.IO.IOException or UnauthorizedAccessException)
        {
            throw Faults.GpioUnusable.With(info.Path, $"gpio_driver asks for a library that does not work here: {e.GetBaseException().Message}").ToException(e);
        }
    }
}
