namespace MeshIoT.Health;

public static partial class Faults
{
    /// <summary>The limit on open files does not allow a fleet of this size.</summary>
    public static readonly Fault TooFewOpenFiles = new(
        "too-few-open-files", Severity.High, ExitCodes.Refused,
        "The fleet needs {0} open files; this process may have {1}.",
        "Raise the limit (ulimit -n {0}; as root also ulimit -Hn), or take fewer nodes with --nodes.");

    /// <summary>The coordinator that was to be measured did not start, or ended.</summary>
    public static readonly Fault CoordinatorDidNotRun = new(
        "coordinator-did-not-run", Severity.High, ExitCodes.Failed,
        "The coordinator {0} cannot be measured: {1}.",
        "Its log says why: {2}");

    /// <summary>A phase of a load run did not come to its end in time.</summary>
    public static readonly Fault LoadNotCarried = new(
        "load-not-carried", Severity.High, ExitCodes.TimedOut,
        "{0}: {1} of {2} after {3} s.",
        "Look at the failures listed above, or take fewer nodes with --nodes.");

    /// <summary>A value on the simulator's command line is out of its range.</summary>
    public static readonly Fault SimOptionInvalid = new(
        "sim-option-invalid", Severity.High, ExitCodes.Usage,
        "{0} is wrong: {1}.",
        "See: meshiot-sim --help");
}
