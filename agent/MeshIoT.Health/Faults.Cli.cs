namespace MeshIoT.Health;

/// <summary>Faults of the command line itself.</summary>
public static partial class Faults
{
    /// <summary>The file that should hold a secret cannot be read.</summary>
    public static readonly Fault SecretFileUnreadable = new(
        "secret-file-unreadable", Severity.High, ExitCodes.Usage,
        "The file {0} cannot be read: {1}.", "Check the path and its permissions.");

    /// <summary>Nothing was given where a secret was expected.</summary>
    public static readonly Fault SecretEmpty = new(
        "secret-empty", Severity.High, ExitCodes.Usage,
        "{0} was given, but there is nothing in it.", "Put the claim or key on the first line.");

    /// <summary>No node of that name.</summary>
    public static readonly Fault NoSuchNode = new(
        "no-such-node", Severity.Medium, ExitCodes.NotFound,
        "No node \"{0}\" is known in this tailnet.", "See the names with: meshiot status.");

    /// <summary>No ping was answered. {0} node, {1} how many.</summary>
    public static readonly Fault NoPong = new(
        "no-reply", Severity.Medium, ExitCodes.TimedOut,
        "{0} answered none of {1} pings.", "Check that it is on (meshiot status), then see what was tried: meshiot debug path {0}");

    /// <summary>Pings are answered, but not straight. {0} node, {1} by which way, {2} how many.</summary>
    public static readonly Fault DirectNotEstablished = new(
        "direct-not-established", Severity.Low, ExitCodes.Failed,
        "{0} answers by {1}, but no direct path came about within {2} pings.",
        "Nothing, if that way is good enough; to see why: meshiot debug path {0}, and meshiot netcheck on both machines");

    /// <summary>An option's value cannot be read.</summary>
    public static readonly Fault OptionMalformed = new(
        "option-malformed", Severity.Low, ExitCodes.Usage,
        "{0} is \"{1}\", which is not {2}.", "See --help.");

    /// <summary>More than one gateway has a sensor of that name.</summary>
    public static readonly Fault SensorAmbiguous = new(
        "sensor-ambiguous", Severity.Low, ExitCodes.Usage,
        "Several gateways have a sensor \"{0}\": {1}.", "Name the gateway too: GATEWAY/{0}.");

    /// <summary>Nothing came within the time that was allowed.</summary>
    public static readonly Fault WatchTimedOut = new(
        "timed-out", Severity.Low, ExitCodes.TimedOut,
        "Within {0} seconds {1} of {2} values came.", "Wait longer with -W, or check the gateway with: meshiot status.");

    /// <summary>Something that cannot be undone was asked for where nobody can be asked back.</summary>
    public static readonly Fault ConfirmationNeeded = new(
        "confirmation-needed", Severity.Low, ExitCodes.Usage,
        "{0}: that cannot be undone, and there is no terminal to ask at.", "Repeat it with --yes.");

    /// <summary>The person said no.</summary>
    public static readonly Fault NotConfirmed = new(
        "not-confirmed", Severity.Low, ExitCodes.Failed,
        "Nothing was done.", "Repeat it and answer y, or use --yes.");

    /// <summary>A coordinator afar wants a token.</summary>
    public static readonly Fault CoordinatorTokenMissing = new(
        "coordinator-token-missing", Severity.Medium, ExitCodes.Usage,
        "No API token was given for {0}.", "Use --token-file FILE (- reads standard input), or set MESHIOT_TOKEN; make one on its machine with: meshiot token create.");

    /// <summary>A coordinator afar does not answer.</summary>
    public static readonly Fault AdministrationAway = new(
        "administration-away", Severity.High, ExitCodes.Unreachable,
        "The coordinator at {0} does not answer: {1}.", "Check the address, the network and the certificate.");

    /// <summary>A file that should be sent cannot be read.</summary>
    public static readonly Fault InputFileUnreadable = new(
        "input-file-unreadable", Severity.Low, ExitCodes.Usage,
        "The file {0} cannot be read: {1}.", "Check the path and its permissions.");

    /// <summary>The person's editor did not do.</summary>
    public static readonly Fault EditorFailed = new(
        "editor-failed", Severity.Low, ExitCodes.Usage,
        "The text was not edited: {0}.", "Set EDITOR to an editor, such as nano, or use get and set with a file.");

    /// <summary>A file cannot be written. {0} file, {1} why.</summary>
    public static readonly Fault OutputFileUnwritable = new(
        "output-file-unwritable", Severity.Medium, ExitCodes.Failed,
        "The file {0} cannot be written: {1}", "Make room there, or choose another one.");
}
