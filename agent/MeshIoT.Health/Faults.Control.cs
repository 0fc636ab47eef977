namespace MeshIoT.Health;

/// <content>The way to the coordinator: reaching it, trusting it, understanding it.</content>
public static partial class Faults
{
    /// <summary>{0} server, {1} why.</summary>
    public static readonly Fault CoordinatorUnreachable = new("coordinator-unreachable", Severity.High, ExitCodes.Unreachable,
        "The coordinator at {0} cannot be reached: {1}.",
        "Check the address, that the coordinator runs, and that no firewall is in between.");

    /// <summary>{0} host name.</summary>
    public static readonly Fault CoordinatorNameUnknown = new("coordinator-name-unknown", Severity.High, ExitCodes.Unreachable,
        "The coordinator's name {0} does not resolve.",
        "Check the spelling and this machine's DNS, or use the coordinator's IP address.");

    /// <summary>{0} server, {1} what it said instead.</summary>
    public static readonly Fault NotACoordinator = new("not-a-coordinator", Severity.High, ExitCodes.Failed,
        "The server at {0} is not a coordinator: {1}.",
        "Check the address and port; a proxy or a captive portal may be answering in its place.");

    /// <summary>{0} server.</summary>
    public static readonly Fault CoordinatorCertificate = new("coordinator-certificate", Severity.High, ExitCodes.Refused,
        "The certificate of {0} is not trusted on this machine.",
        "Install ca-certificates or the coordinator's own CA, or join with a code that carries the server's key.");

    /// <summary>{0} what the clock says, {1} server.</summary>
    public static readonly Fault ClockWrong = new("clock-wrong", Severity.High, ExitCodes.Failed,
        "This machine's clock is wrong: it says {0}, so the certificate of {1} cannot be checked.",
        "Set the clock (timedatectl set-ntp true), or join with a code that carries the server's key, which needs no clock.");

    /// <summary>{0} server.</summary>
    public static readonly Fault TlsLibraryMissing = new("tls-library-missing", Severity.High, ExitCodes.Failed,
        "The coordinator {0} is reached over TLS, but this machine has no OpenSSL library.",
        "Install it: apt-get install libssl3 ca-certificates");

    /// <summary>{0} server, {1} short form of its key.</summary>
    public static readonly Fault ServerKeyNotAccepted = new("server-key-not-accepted", Severity.High, ExitCodes.Refused,
        "The server at {0} shows the key {1}, which is not the one expected. Nothing was sent to it.",
        "If the coordinator was set up anew, join again with a new code; if not, somebody is in between.");

    /// <summary>{0} server, {1} short form of the expected key.</summary>
    public static readonly Fault ServerKeyNotProved = new("server-key-not-proved", Severity.High, ExitCodes.Refused,
        "The server at {0} does not hold the expected key {1}.",
        "If the coordinator was set up anew, join again with a new code; if not, somebody is in between.");

    /// <summary>{0} server. What Headscale does to a key it does not have, and to a version it no longer takes.</summary>
    public static readonly Fault CoordinatorClosedHandshake = new("coordinator-closed-handshake", Severity.High, ExitCodes.Refused,
        "The server at {0} took the connection and closed it in the middle of the handshake.",
        "Its key may have changed, or it may need a newer version of MeshIoT: its log says which.");

    /// <summary>{0} server.</summary>
    public static readonly Fault CoordinatorTooOld = new("coordinator-too-old", Severity.High, ExitCodes.Failed,
        "The coordinator at {0} is too old: it has no Noise key.",
        "Update the coordinator.");

    /// <summary>{0} server, {1} its words.</summary>
    public static readonly Fault CoordinatorTooNew = new("coordinator-too-new", Severity.High, ExitCodes.Failed,
        "The coordinator at {0} no longer speaks with this version: {1}.",
        "Update MeshIoT on this machine.");

    /// <summary>{0} server, {1} what was wrong.</summary>
    public static readonly Fault CoordinatorProtocol = new("coordinator-protocol", Severity.High, ExitCodes.Failed,
        "The coordinator at {0} does not keep to the protocol: {1}.",
        "Update the coordinator and this machine; if it stays so, report it with the coordinator's version.");

    /// <summary>{0} server, {1} status and words.</summary>
    public static readonly Fault CoordinatorRequestFailed = new("coordinator-request-failed", Severity.High, ExitCodes.Failed,
        "The coordinator at {0} could not answer: {1}.",
        "Look at the coordinator's log; this machine tries again by itself.");

    /// <summary>{0} server, {1} seconds.</summary>
    public static readonly Fault CoordinatorBusy = new("coordinator-busy", Severity.Medium, ExitCodes.Failed,
        "The coordinator at {0} is busy and asked to come back in {1} s.",
        "Wait; this machine tries again by itself.");

    /// <summary>{0} server.</summary>
    public static readonly Fault CoordinatorConnectionLost = new("coordinator-connection-lost", Severity.Medium, ExitCodes.Unreachable,
        "The connection to the coordinator at {0} broke.",
        "Wait; this machine connects again by itself.");

    /// <summary>{0} server, {1} seconds.</summary>
    public static readonly Fault CoordinatorSilent = new("coordinator-silent", Severity.Medium, ExitCodes.TimedOut,
        "The coordinator at {0} has said nothing for {1} s.",
        "Wait; this machine connects again by itself.");

    /// <summary>{0} server.</summary>
    public static readonly Fault NodeNotKnown = new("node-not-known", Severity.High, ExitCodes.Refused,
        "The coordinator at {0} does not know this node any more.",
        "Join again with a new auth key: meshiot key create");

    /// <summary>{0} server, {1} its words, without any part of a key.</summary>
    public static readonly Fault RegistrationRefused = new("registration-refused", Severity.High, ExitCodes.Refused,
        "The coordinator at {0} refused this node: {1}.",
        "Join again with a fresh auth key (meshiot key create), or ask who runs the coordinator.");
}
