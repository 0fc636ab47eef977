namespace MeshIoT.Health;

/// <content>Outputs: relays, dimmers.</content>
public static partial class Faults
{
    /// <summary>No output has that id. {0} id.</summary>
    public static readonly Fault NoSuchOutput = new(
        "no-such-output", Severity.Low, ExitCodes.NotFound,
        "This gateway has no output \"{0}\".", "List them with: meshiot output list.");

    /// <summary>A value that the output does not take. {0} id, {1} value, {2} what it takes.</summary>
    public static readonly Fault OutputValueMalformed = new(
        "output-value-malformed", Severity.Low, ExitCodes.Usage,
        "The output {0} cannot be set to \"{1}\".", "It takes {2}.");

    /// <summary>The hardware does not do it. {0} id, {1} why.</summary>
    public static readonly Fault OutputSilent = new(
        "output-silent", Severity.High, ExitCodes.Failed,
        "The output {0} cannot be set: {1}.", "Check its wiring and its entry; what it controls may be in any state.");

    /// <summary>A time without a value to go back to. {0} id.</summary>
    public static readonly Fault OutputHasNoSafeValue = new(
        "output-has-no-safe-value", Severity.Low, ExitCodes.Usage,
        "The output {0} has nothing to go back to after a time: its entry says fail_safe = \"keep\".", "Leave the time out, or give the entry a fail_safe.");

    /// <summary>The last commands could not be kept. {0} file, {1} why.</summary>
    public static readonly Fault OutputsNotKept = new(
        "outputs-not-kept", Severity.Medium, ExitCodes.Failed,
        "What outputs were set to cannot be kept in {0}: {1}.", "Make room there, or give this user the right to write; until then a restart begins with the safe values.");
}
