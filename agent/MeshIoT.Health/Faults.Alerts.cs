namespace MeshIoT.Health;

/// <summary>What people are alerted of beside the faults of sensors and node, and faults of telling them.</summary>
public static partial class Faults
{
    /// <summary>{0} sensor, {1} value with unit, {2} limit with unit.</summary>
    public static readonly Fault SensorAboveLimit = new(
        "sensor-above-limit", Severity.High, ExitCodes.Failed,
        "{0} is {1}, above its limit of {2}.", "Look at what it measures; the limit is \"high\" of its [[sensor]] entry.");

    /// <summary>{0} sensor, {1} value with unit, {2} limit with unit.</summary>
    public static readonly Fault SensorBelowLimit = new(
        "sensor-below-limit", Severity.High, ExitCodes.Failed,
        "{0} is {1}, below its limit of {2}.", "Look at what it measures; the limit is \"low\" of its [[sensor]] entry.");

    /// <summary>{0} directory, {1} what is left.</summary>
    public static readonly Fault DiskLow = new(
        "disk-low", Severity.Medium, ExitCodes.Failed,
        "The disk of {0} is nearly full: {1} are left.", "Make room, or lower max_bytes of [history] and [spool].");

    /// <summary>{0} directory, {1} what is left.</summary>
    public static readonly Fault DiskFull = new(
        "disk-full", Severity.High, ExitCodes.Failed,
        "The disk of {0} is full: {1} are left.", "Make room now: readings of the past are given up, the oldest first.");

    /// <summary>{0} by how much.</summary>
    public static readonly Fault ClockOff = new(
        "clock-off", Severity.Medium, ExitCodes.Failed,
        "This machine's clock differs from the coordinator's by {0}; its readings carry wrong times.", "Set it: timedatectl set-ntp true");

    /// <summary>The supply of a Raspberry Pi.</summary>
    public static readonly Fault UnderVoltage = new(
        "under-voltage", Severity.High, ExitCodes.Failed,
        "The board's supply voltage is too low now; it may crash or damage its SD card.", "Use the power supply made for this board, and a short, thick cable.");

    /// <summary>The firmware of a Raspberry Pi slows it down. {0} why.</summary>
    public static readonly Fault Throttled = new(
        "throttled", Severity.Medium, ExitCodes.Failed,
        "The board slows itself down: {0}.", "Cool it, or give it more power.");

    /// <summary>{0} delivery, {1} why.</summary>
    public static readonly Fault AlertNotDelivered = new(
        "alert-not-delivered", Severity.Medium, ExitCodes.Failed,
        "Alerts cannot be delivered by {0}: {1}.", "Correct its part of [alerts]; what waits is sent as soon as it works. Try it with: meshiot alert test");

    /// <summary>{0} node, {1} since when.</summary>
    public static readonly Fault GatewayOffline = new(
        "gateway-offline", Severity.High, ExitCodes.Failed,
        "{0} has not been heard of since {1}.", "Check its power and its link; it comes back by itself once it reaches the coordinator.");

    /// <summary>{0} node, {1} when.</summary>
    public static readonly Fault GatewayKeyExpiring = new(
        "gateway-key-expiring", Severity.Medium, ExitCodes.Failed,
        "The key of {0} expires at {1}.", "Let it live longer: meshiot node extend {0} --for 180d");

    /// <summary>{0} node, {1} when.</summary>
    public static readonly Fault GatewayKeyExpired = new(
        "gateway-key-expired", Severity.High, ExitCodes.Failed,
        "The key of {0} expired at {1}: it is shut out.", "Let it in again without touching it: meshiot node extend {0} --for 180d");

    /// <summary>Somebody tries whether alerts arrive.</summary>
    public static readonly Fault AlertTest = new(
        "alert-test", Severity.Low, ExitCodes.Done,
        "This is a test: alerts arrive.", "Nothing.");

    /// <summary>A test of alerts where nobody is told.</summary>
    public static readonly Fault AlertsOff = new(
        "alerts-off", Severity.Low, ExitCodes.Failed,
        "Nobody is told of anything: the configuration has no section [alerts].", "Add it to meshiot.toml, with a webhook or an e-mail address.");
}
