namespace MeshIoT.Health;

/// <content>Relays: what carries traffic between nodes that cannot reach each other. {0} is the relay throughout: region and host.</content>
public static partial class Faults
{
    /// <summary>{0} relay, {1} why.</summary>
    public static readonly Fault RelayUnreachable = new("relay-unreachable", Severity.Medium, ExitCodes.Unreachable,
        "The relay {0} cannot be reached: {1}.",
        "Check that it runs and that this network lets TCP through to it; direct paths go on, and this machine tries again by itself.");

    /// <summary>{0} relay.</summary>
    public static readonly Fault RelayNameUnknown = new("relay-name-unknown", Severity.Medium, ExitCodes.Unreachable,
        "The name of the relay {0} does not resolve.",
        "Check this machine's DNS, or give the relay's addresses in the coordinator's relay map.");

    /// <summary>{0} relay, {1} what is wrong with it.</summary>
    public static readonly Fault RelayCertificate = new("relay-certificate", Severity.Medium, ExitCodes.Refused,
        "The certificate of the relay {0} is not accepted: {1}.",
        "If a proxy inspects TLS here, make its CA known to this machine (update-ca-certificates, or SSL_CERT_FILE); otherwise renew the relay's certificate or pin it in the relay map.");

    /// <summary>{0} relay.</summary>
    public static readonly Fault RelayPinMismatch = new("relay-pin-mismatch", Severity.High, ExitCodes.Refused,
        "The relay {0} shows another certificate than the relay map pins.",
        "If its certificate was renewed, put the new one's hash into the coordinator's relay map; if not, somebody is in between.");

    /// <summary>{0} relay.</summary>
    public static readonly Fault RelayTlsLibraryMissing = new("relay-tls-library-missing", Severity.High, ExitCodes.Failed,
        "The relay {0} is reached over TLS, but this machine has no OpenSSL library.",
        "Install it: apt-get install libssl3 ca-certificates");

    /// <summary>{0} relay, {1} what it does instead.</summary>
    public static readonly Fault NotARelay = new("not-a-relay", Severity.Medium, ExitCodes.Failed,
        "The server at {0} is not a relay: {1}.",
        "Check the relay map's address and port; a proxy or a captive portal may be answering in its place.");

    /// <summary>{0} relay, {1} what was wrong.</summary>
    public static readonly Fault RelayProtocol = new("relay-protocol", Severity.Medium, ExitCodes.Failed,
        "The relay {0} does not keep to the protocol: {1}.",
        "Update the relay and this machine; if it stays so, report it with the relay's version.");

    /// <summary>{0} relay.</summary>
    public static readonly Fault RelayRefused = new("relay-refused", Severity.Medium, ExitCodes.Refused,
        "The relay {0} does not let this node in.",
        "Check that the relay belongs to this tailnet and has heard of this node; its log says why. This machine tries again by itself.");

    /// <summary>{0} relay.</summary>
    public static readonly Fault RelayConnectionLost = new("relay-connection-lost", Severity.Medium, ExitCodes.Unreachable,
        "The connection to the relay {0} broke.",
        "Wait; this machine connects again by itself.");

    /// <summary>{0} relay, {1} seconds.</summary>
    public static readonly Fault RelaySilent = new("relay-silent", Severity.Medium, ExitCodes.TimedOut,
        "The relay {0} has said nothing for {1} s.",
        "Wait; this machine connects again by itself.");

    /// <summary>{0} relay, {1} seconds.</summary>
    public static readonly Fault RelayStalled = new("relay-stalled", Severity.Medium, ExitCodes.TimedOut,
        "The relay {0} has taken nothing for {1} s.",
        "Wait; this machine connects again by itself. If it comes back, the relay or the network is overloaded.");

    /// <summary>{0} relay, {1} its words.</summary>
    public static readonly Fault RelayComplains = new("relay-complains", Severity.Low, ExitCodes.Failed,
        "The relay {0} says of this connection: {1}.",
        "Look at the relay's log; traffic through it may be impaired.");

    /// <summary>{0} relay, {1} proxy, {2} what it said.</summary>
    public static readonly Fault RelayProxyRefused = new("relay-proxy-refused", Severity.Medium, ExitCodes.Refused,
        "The proxy {1} does not open a connection to the relay {0}: {2}.",
        "Allow CONNECT to the relay in the proxy, or correct HTTPS_PROXY or NO_PROXY.");

    /// <summary>{0} region, by its number.</summary>
    public static readonly Fault RelayRegionUnusable = new("relay-region-unusable", Severity.Medium, ExitCodes.NotFound,
        "The relay region {0} has no relay that this node can use.",
        "Correct the region in the coordinator's relay map: each relay needs a host name or an address.");
}
