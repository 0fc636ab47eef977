namespace MeshIoT.Health;

public static partial class Faults
{
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
}
