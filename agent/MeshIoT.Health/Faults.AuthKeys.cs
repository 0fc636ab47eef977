namespace MeshIoT.Health;

/// <content>What keeps a node out: said by the coordinator, recognised and told again by the node.</content>
public static partial class Faults
{
    /// <summary>The auth key is not in the form of a claim.</summary>
    public static readonly Fault AuthKeyMalformed = new(
        "auth-key-malformed", Severity.High, ExitCodes.Refused,
        "The auth key is not 24 letters and digits with a fitting check character.",
        "Compare it with the print, or create a new one with: meshiot key create");

    /// <summary>No auth key of this text was ever made here, or it was deleted.</summary>
    public static readonly Fault AuthKeyUnknown = new(
        "auth-key-unknown", Severity.High, ExitCodes.Refused,
        "The coordinator does not know this auth key.",
        "Check that key and coordinator belong together, or create a new one with: meshiot key create");

    /// <summary>A one-off auth key has admitted its one node.</summary>
    public static readonly Fault AuthKeyUsed = new(
        "auth-key-used", Severity.High, ExitCodes.Refused,
        "The auth key was already used.",
        "Create a new one with: meshiot key create");

    /// <summary>The auth key's time is over.</summary>
    public static readonly Fault AuthKeyExpired = new(
        "auth-key-expired", Severity.High, ExitCodes.Refused,
        "The auth key expired at {0}.",
        "Create a new one with: meshiot key create");

    /// <summary>An unknown node came without an auth key.</summary>
    public static readonly Fault AuthKeyNeeded = new(
        "auth-key-needed", Severity.High, ExitCodes.Refused,
        "This node is not on the tailnet yet, and it showed no auth key.",
        "Create one with: meshiot key create, and join with: meshiot up --auth-key file:PATH");

    /// <summary>The node key is registered to another machine.</summary>
    public static readonly Fault NodeKeyTaken = new(
        "node-key-taken", Severity.High, ExitCodes.Refused,
        "The node key belongs to another machine.",
        "Do not copy a state directory from one machine to another: log out here and join again.");

    /// <summary>A node asked for tags that its auth key does not give.</summary>
    public static readonly Fault TagsNotPermitted = new(
        "tags-not-permitted", Severity.High, ExitCodes.Refused,
        "The requested tags are invalid or not permitted with this auth key.",
        "Join without tags, or create a key that has them with: meshiot key create --tags");
}
