namespace MeshIoT.Health;

/// <content>GPIO: chips, lines and what uses them.</content>
public static partial class Faults
{
    /// <summary>No chip of that name. {0} what was asked for, {1} what there is.</summary>
    public static readonly Fault GpioChipMissing = new(
        "gpio-chip-missing", Severity.High, ExitCodes.Failed,
        "There is no GPIO chip {0} on this machine; it has: {1}.", "Name one of them in the entry: bus = \"gpiochip0\", or by its label.");

    /// <summary>The user may not open the chip. {0} device.</summary>
    public static readonly Fault GpioDenied = new(
        "gpio-denied", Severity.High, ExitCodes.Refused,
        "This user may not open {0}.", "Put the user into the group that owns it (Raspberry Pi OS: sudo usermod -aG gpio USER) and start again.");

    /// <summary>Anything else the kernel says. {0} device and line, {1} why.</summary>
    public static readonly Fault GpioUnusable = new(
        "gpio-unusable", Severity.High, ExitCodes.Failed,
        "{0} cannot be used: {1}.", "Look in the kernel log (dmesg), and see the lines with: gpioinfo");

    /// <summary>A line of which there is none. {0} line, {1} chip, {2} label, {3} how many there are.</summary>
    public static readonly Fault GpioLineUnknown = new(
        "gpio-line-unknown", Severity.High, ExitCodes.Usage,
        "The chip {1} ({2}) has no line {0}: it has {3}, counted from 0.", "Give the number of the line on its chip; on a Raspberry Pi that is the GPIO number, not the number of the pin on the header.");

    /// <summary>Somebody holds the line. {0} line, {1} chip, {2} who.</summary>
    public static readonly Fault GpioLineBusy = new(
        "gpio-line-busy", Severity.High, ExitCodes.Failed,
        "Line {0} of {1} is held by {2}.", "Choose another line, or end what holds it (gpioinfo shows who).");
}
