namespace MeshIoT.Health;

public static partial class Faults
{
    /// <summary>The relay cannot speak TLS: the library is missing.</summary>
    public static readonly Fault RelayNeedsOpenSsl = new(
        "relay-needs-openssl", Severity.High, ExitCodes.Failed,
        "The relay needs OpenSSL 3 (libssl.so.3), which is not on this machine.",
        "Install it (Debian: apt install libssl3), or run the coordinator with --no-relay.");

    /// <summary>OpenSSL does not accept what it is given.</summary>
    public static readonly Fault RelayTlsFailed = new(
        "relay-tls-failed", Severity.High, ExitCodes.Failed,
        "OpenSSL refuses the relay's set-up: {0}.",
        "Check the certificate files; ECDSA P-256 and RSA keys are supported. Without files a self-signed certificate is made.");

    /// <summary>A file of the relay's state cannot be read, written, or understood.</summary>
    public static readonly Fault RelayStateUnusable = new(
        "relay-state-unusable", Severity.High, ExitCodes.Refused,
        "The relay's file {0} cannot be used: {1}. Nothing was changed.",
        "Repair it or move it away: a new one is made, and clients learn of it with their next DERP map.");

    /// <summary>A value on the relay's command line cannot be read.</summary>
    public static readonly Fault RelayOptionInvalid = new(
        "relay-option-invalid", Severity.High, ExitCodes.Usage,
        "{0} is wrong: {1}.",
        "See: meshiot-coordinator relay --help");
}
