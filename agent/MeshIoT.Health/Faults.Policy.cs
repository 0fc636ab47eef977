namespace MeshIoT.Health;

/// <summary>Faults around the tailnet's policy.</summary>
public static partial class Faults
{
    /// <summary>A line of the file of cases is no case.</summary>
    public static readonly Fault PolicyCaseMalformed = new(
        "policy-case-malformed", Severity.Medium, ExitCodes.Failed,
        "{0}, line {1} is not a case: {2}.", "Give one JSON object per line with id, policy, users and nodes; the other lines were done.");

    /// <summary>The file of cases cannot be read, or the results cannot be written.</summary>
    public static readonly Fault PolicyFileUnusable = new(
        "policy-file-unusable", Severity.Medium, ExitCodes.Usage,
        "{0} cannot be used: {1}.", "Check the path and its permissions.");

    /// <summary>A policy was not taken.</summary>
    public static readonly Fault PolicyRefused = new(
        "policy-refused", Severity.Medium, ExitCodes.Usage,
        "The policy was not taken: {0}.", "Correct it; the one before it is still in force. Try it first with: meshiot policy test FILE");

    /// <summary>The policy in force is not the one that an editor started from.</summary>
    public static readonly Fault PolicyChanged = new(
        "policy-changed", Severity.Medium, ExitCodes.Failed,
        "The policy was changed by somebody else in between; version {0} is in force.", "Get that one, and make your change in it.");
}
