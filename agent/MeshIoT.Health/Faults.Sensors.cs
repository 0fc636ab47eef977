namespace MeshIoT.Health;

/// <summary>Faults of sensors and outputs, and of what describes them.</summary>
public static partial class Faults
{
    /// <summary>A sensor that gives nothing. {0} id, {1} what was seen.</summary>
    public static readonly Fault SensorSilent = new(
        "sensor-silent", Severity.Medium, ExitCodes.Failed,
        "The sensor {0} cannot be read: {1}.", "Check its wiring and power, then: meshiot sensor test {0}");

    /// <summary>A sensor whose answers are damaged or cannot be. {0} id, {1} what was seen.</summary>
    public static readonly Fault SensorNonsense = new(
        "sensor-nonsense", Severity.Medium, ExitCodes.Failed,
        "The sensor {0} gives nonsense: {1}.", "Shorten its cable or slow the bus down; if it stays so, replace the sensor.");

    /// <summary>A chip that is not the one whose driver reads it. {0} id, {1} what was seen.</summary>
    public static readonly Fault SensorWrongChip = new(
        "sensor-wrong-chip", Severity.Medium, ExitCodes.Failed,
        "The sensor {0} is another chip: {1}.", "See what answers at which address with: meshiot sensor scan. Then set its driver or address right.");

    /// <summary>A sensor that works and has no value now: nothing in range, too dark, warming up. Not shown as a fault of the gateway. {0} id, {1} why.</summary>
    public static readonly Fault SensorEmpty = new(
        "sensor-empty", Severity.Low, ExitCodes.Failed,
        "The sensor {0} has no value now: {1}.", "Nothing to mend. Wait, or look at what it measures.");

    /// <summary>A bus whose sensors are being read for longer than one waits. {0} lane.</summary>
    public static readonly Fault LaneBusy = new(
        "lane-busy", Severity.Medium, ExitCodes.Failed,
        "{0} is in use and does not become free.", "See which of its sensors hangs with: meshiot status");

    /// <summary>A display that does not answer. {0} address, {1} bus.</summary>
    public static readonly Fault DisplaySilent = new(
        "display-silent", Severity.Medium, ExitCodes.Failed,
        "The display at {0} of {1} does not answer.", "Check its wiring and address (some need 0x3D); it is tried again every minute.");

    /// <summary>A bus that is not there or refuses. {0} bus, {1} why.</summary>
    public static readonly Fault BusUnusable = new(
        "bus-unusable", Severity.High, ExitCodes.Failed,
        "The bus {0} cannot be used: {1}.", "Switch it on (Raspberry Pi: raspi-config, Interface Options) and give this user access to it.");

    /// <summary>An entry with a driver that nobody has. {0} driver, {1} where, {2} hint.</summary>
    public static readonly Fault DriverUnknown = new(
        "driver-unknown", Severity.High, ExitCodes.Usage,
        "There is no driver \"{0}\" ({1}).{2}", "See all of them with: meshiot sensor drivers");

    /// <summary>Two entries with one id. {0} id, {1} where, {2} where it is first.</summary>
    public static readonly Fault SensorDuplicate = new(
        "sensor-duplicate", Severity.High, ExitCodes.Usage,
        "The id \"{0}\" ({1}) is taken already ({2}).", "Give each sensor an id of its own.");
}
