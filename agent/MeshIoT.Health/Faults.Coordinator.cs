namespace MeshIoT.Health;

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

    /// <summary>A node asked to move its own key expiry into the future.</summary>
    public static readonly Fault ExpiryNotExtendable = new(
        "expiry-not-extendable", Severity.Medium, ExitCodes.Refused,
        "A node cannot extend its own key.",
        "Join again with a new auth key.");

    /// <summary>All tailnet addresses have been given out.</summary>
    public static readonly Fault AddressesExhausted = new(
        "addresses-exhausted", Severity.High, ExitCodes.Failed,
        "Every tailnet address has been given out; addresses are never given out twice.",
        "Start a new tailnet with a new state directory.");

    /// <summary>A client speaks an older version of the protocol than the coordinator.</summary>
    public static readonly Fault ClientTooOld = new(
        "client-too-old", Severity.High, ExitCodes.Failed,
        "The client speaks version {0} of the protocol; this coordinator needs {1} or later.",
        "Update the client.");

    /// <summary>The state directory cannot be made or written.</summary>
    public static readonly Fault StateNotWritable = new(
        "state-not-writable", Severity.High, ExitCodes.Refused,
        "The state directory {0} cannot be used: {1}.",
        "Choose another with --state, or give this user the right to write there.");

    /// <summary>Another coordinator holds the state directory.</summary>
    public static readonly Fault StateBusy = new(
        "state-busy", Severity.High, ExitCodes.Failed,
        "Another coordinator is using the state directory {0}.",
        "Stop it first, or choose another directory with --state.");

    /// <summary>The database does not read as one; it was left as it is.</summary>
    public static readonly Fault StateCorrupted = new(
        "state-corrupted", Severity.High, ExitCodes.Failed,
        "The database {0} is damaged: {1}. Nothing was changed.",
        "Restore it from a backup, or move it away to start an empty tailnet.");

    /// <summary>The database was written by a later version.</summary>
    public static readonly Fault StateNewer = new(
        "state-newer", Severity.High, ExitCodes.Failed,
        "The database {0} was written by a later version (schema {1}, this program knows {2}). Nothing was changed.",
        "Update meshiot-coordinator.");

    /// <summary>A change could not be made durable and was not acknowledged.</summary>
    public static readonly Fault StateWriteFailed = new(
        "state-write-failed", Severity.High, ExitCodes.Failed,
        "The coordinator could not store the change: {0}.",
        "Look at free space and the health of its disk; the request can be repeated.");

    /// <summary>The listen address is taken.</summary>
    public static readonly Fault ListenAddressInUse = new(
        "listen-address-in-use", Severity.High, ExitCodes.Failed,
        "{0} is already in use.",
        "Stop the other program, or choose another address with --listen.");

    /// <summary>The listen address cannot be bound.</summary>
    public static readonly Fault ListenFailed = new(
        "listen-failed", Severity.High, ExitCodes.Failed,
        "Cannot listen on {0}: {1}.",
        "Choose another address with --listen; ports below 1024 need root or CAP_NET_BIND_SERVICE.");

    /// <summary>The admin socket cannot be made.</summary>
    public static readonly Fault AdminSocketFailed = new(
        "admin-socket-failed", Severity.High, ExitCodes.Failed,
        "The admin socket {0} cannot be made: {1}.",
        "Choose another path with --socket.");

    /// <summary>A value on the command line or in a file cannot be read.</summary>
    public static readonly Fault CoordinatorOptionInvalid = new(
        "coordinator-option-invalid", Severity.High, ExitCodes.Usage,
        "{0} is wrong: {1}.",
        "See: meshiot-coordinator serve --help");

    /// <summary>An admin request cannot be read.</summary>
    public static readonly Fault AdminRequestInvalid = new(
        "admin-request-invalid", Severity.Low, ExitCodes.Usage,
        "The request is wrong: {0}.",
        "Correct it and send it again.");

    /// <summary>An admin request names something that is not there.</summary>
    public static readonly Fault AdminNotFound = new(
        "admin-not-found", Severity.Low, ExitCodes.NotFound,
        "There is no such {0}.",
        "List what there is with: meshiot {1} list");
}
