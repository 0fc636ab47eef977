namespace MeshIoT.Health;

/// <content>The node: its state, its login, its peers.</content>
public static partial class Faults
{
    /// <summary>{0} path, {1} what is wrong with it.</summary>
    public static readonly Fault StateFileCorrupt = new("state-file-corrupt", Severity.High, ExitCodes.Failed,
        "The state file {0} cannot be read: {1}. It was left as it is.",
        "Restore it from a backup, or move it away (mv {0} {0}.bad) and join again with a new auth key.");

    /// <summary>{0} directory, {1} the system's words.</summary>
    public static readonly Fault StateDirectoryUnusable = new("state-directory-unusable", Severity.High, ExitCodes.Refused,
        "The state directory {0} cannot be used: {1}.",
        "Make it writable for this user, or name another one (--state-dir).");

    /// <summary>{0} path, {1} the system's words.</summary>
    public static readonly Fault StateNotSaved = new("state-not-saved", Severity.High, ExitCodes.Failed,
        "The state could not be written to {0}: {1}.",
        "Free some space or mount the file system writable; until then a restart may ask for a new login.");

    /// <summary>{0} directory.</summary>
    public static readonly Fault StateInUse = new("state-in-use", Severity.High, ExitCodes.Failed,
        "Another process already runs a node with the state directory {0}.",
        "Stop that process, or give this one a state directory of its own.");

    /// <summary>{0} what the clock says, {1} the earliest it can be.</summary>
    public static readonly Fault ClockBehindFloor = new("clock-behind-floor", Severity.Medium, ExitCodes.Failed,
        "The clock says {0}, but it is at least {1}.",
        "Let the machine reach a time server; until then certificates may be refused and time stamps are wrong.");

    /// <summary>{0} wanted port, {1} port in use.</summary>
    public static readonly Fault UdpPortMoved = new("udp-port-moved", Severity.Low, ExitCodes.Done,
        "UDP port {0} is taken by another program, so this node uses {1}.",
        "Nothing, if peers reach it; to choose a fixed port set one that is free.");

    /// <summary>Nobody said where to log in.</summary>
    public static readonly Fault LoginServerMissing = new("login-server-missing", Severity.High, ExitCodes.Usage,
        "No coordinator is named.",
        "Scan or paste a claim (meshiot up --claim -), or name it: meshiot up --login-server URL --auth-key file:PATH");

    /// <summary>{0} what was given.</summary>
    public static readonly Fault LoginServerInvalid = new("login-server-invalid", Severity.High, ExitCodes.Usage,
        "\"{0}\" is not the address of a coordinator.",
        "Give a URL such as https://coordinator.example or http://192.168.1.10:8080");

    /// <summary>{0} coordinator.</summary>
    public static readonly Fault LoginNeeded = new("login-needed", Severity.High, ExitCodes.Refused,
        "The coordinator {0} does not know this node.",
        "Join with an auth key: meshiot up --auth-key file:PATH (create one with: meshiot key create)");

    /// <summary>{0} page to open.</summary>
    public static readonly Fault ApprovalNeeded = new("approval-needed", Severity.High, ExitCodes.Refused,
        "The coordinator wants a person to approve this node.",
        "Open {0}");

    /// <summary>{0} coordinator.</summary>
    public static readonly Fault MachineNotAuthorized = new("machine-not-authorized", Severity.High, ExitCodes.Refused,
        "The coordinator {0} knows this node but has not let it in yet.",
        "Approve it at the coordinator (ours: meshiot node approve NAME); the node goes on by itself.");

    /// <summary>{0} coordinator, {1} when the key expired.</summary>
    public static readonly Fault NodeKeyExpired = new("node-key-expired", Severity.High, ExitCodes.Refused,
        "The login of this node at {0} ended at {1}; nothing is sent or taken until it is renewed.",
        "Log in again (meshiot up --force-reauth), or extend it at the coordinator.");

    /// <summary>{0} when the key expires, {1} why it was not renewed.</summary>
    public static readonly Fault NodeKeyExpiring = new("node-key-expiring", Severity.Medium, ExitCodes.Refused,
        "The login of this node ends at {0} and could not be renewed by itself: {1}",
        "Log in again (meshiot up --force-reauth), or extend it at the coordinator.");

    /// <summary>{0} when the key expires, {1} page to open.</summary>
    public static readonly Fault RenewalNeedsApproval = new("renewal-needs-approval", Severity.Medium, ExitCodes.Refused,
        "The login of this node ends at {0}, and the coordinator wants a person to renew it.",
        "Open {1}");

    /// <summary>{0} coordinator, {1} page to open.</summary>
    public static readonly Fault LoginAgain = new("login-again", Severity.High, ExitCodes.Refused,
        "The coordinator {0} does not let this node in any more, because it was removed or its login has ended; a person must let it in again.",
        "Open {1}");

    /// <summary>{0} coordinator.</summary>
    public static readonly Fault NodeRemoved = new("node-removed", Severity.High, ExitCodes.Refused,
        "The coordinator {0} has removed this node from the tailnet.",
        "Join again with an auth key: meshiot up --auth-key file:PATH");

    /// <summary>{0} when the kept netmap was written.</summary>
    public static readonly Fault KeptNetmapInUse = new("kept-netmap-in-use", Severity.Medium, ExitCodes.Unreachable,
        "The coordinator is away; this node uses the netmap of {0}.",
        "Nothing, if the peers are reached; changes made since then are seen once the coordinator is back.");

    /// <summary>{0} path, {1} what is wrong with it.</summary>
    public static readonly Fault KeptNetmapUnreadable = new("kept-netmap-unreadable", Severity.Low, ExitCodes.Failed,
        "The kept netmap {0} cannot be used: {1}.",
        "Nothing: the coordinator sends a new one, which replaces it.");

    /// <summary>{0} path, {1} the system's words.</summary>
    public static readonly Fault NetmapNotKept = new("netmap-not-kept", Severity.Low, ExitCodes.Failed,
        "The netmap could not be written to {0}: {1}.",
        "Free some space or mount the file system writable; until then a restart needs the coordinator.");

    /// <summary>{0} coordinator.</summary>
    public static readonly Fault LogoutNotTold = new("logout-not-told", Severity.Low, ExitCodes.Done,
        "This node has left, but the coordinator {0} could not be told and still lists it.",
        "Delete the node there when the coordinator is back.");

    /// <summary>{0} page to open.</summary>
    public static readonly Fault CoordinatorNotice = new("coordinator-notice", Severity.Low, ExitCodes.Done,
        "The coordinator asks you to open a page.",
        "Open {0}");

    /// <summary>{0} routes, {1} the switch that is off.</summary>
    public static readonly Fault ForwardingOff = new("forwarding-off", Severity.Medium, ExitCodes.Failed,
        "This node advertises {0}, but the kernel does not forward packets ({1} is 0).",
        "Turn it on: sysctl -w {1}=1 (to keep it: a file in /etc/sysctl.d).");

    /// <summary>{0} routes.</summary>
    public static readonly Fault RoutesNeedKernel = new("routes-need-kernel-mode", Severity.Medium, ExitCodes.Failed,
        "This node advertises {0}, but in userspace mode it cannot carry packets to other machines.",
        "Run the agent as root with --tun kernel, or stop advertising: meshiot up --advertise-routes= --advertise-exit-node=false");

    /// <summary>{0} what was given.</summary>
    public static readonly Fault TagInvalid = new("tag-invalid", Severity.High, ExitCodes.Usage,
        "\"{0}\" cannot be a tag.",
        "A tag is tag: and a letter, then letters, digits and dashes, such as tag:sensor.");

    /// <summary>{0} what was given.</summary>
    public static readonly Fault RouteInvalid = new("route-invalid", Severity.High, ExitCodes.Usage,
        "\"{0}\" cannot be advertised as a route.",
        "Give a network with its prefix length and no bits behind it, such as 192.168.7.0/24; for all of the Internet use --advertise-exit-node.");

    /// <summary>{0} sentence: what went wrong, {1} seconds to the next try.</summary>
    public static readonly Fault CoordinatorAway = new("coordinator-away", Severity.Medium, ExitCodes.Unreachable,
        "{0} Trying again in {1} s.",
        "Check that the coordinator runs and that this machine reaches it; peers already known stay reachable.");

    /// <summary>A text that cannot be an auth key of any coordinator. It is not repeated.</summary>
    public static readonly Fault AuthKeyUnreadable = new("auth-key-unreadable", Severity.High, ExitCodes.Usage,
        "The auth key is empty, too long, or has characters no key has.",
        "Copy it again from where it was created, in one line.");

    /// <summary>The stack's own limit.</summary>
    public static readonly Fault TooManyConnections = new("too-many-connections", Severity.Medium, ExitCodes.Failed,
        "This node has as many connections open as it allows.",
        "Close some, or use kernel mode, which has no limit of its own.");

    /// <summary>A pin that cannot be one.</summary>
    public static readonly Fault ServerKeyPinInvalid = new("server-key-pin-invalid", Severity.High, ExitCodes.Usage,
        "The server key pin is not 16 characters of the pin alphabet (digits and letters without I, L, O, U).",
        "Copy it again from the coordinator's output or its QR code.");

    /// <summary>{0} what was asked for.</summary>
    public static readonly Fault HostnameInvalid = new("hostname-invalid", Severity.High, ExitCodes.Usage,
        "\"{0}\" cannot be a host name.",
        "Use 1 to 63 letters, digits and dashes, beginning and ending with a letter or digit.");

    /// <summary>The node is not in a tailnet.</summary>
    public static readonly Fault NotInTailnet = new("not-in-tailnet", Severity.Medium, ExitCodes.Failed,
        "This node is not connected to a tailnet.",
        "Join first: meshiot up");

    /// <summary>{0} host, {1} port.</summary>
    public static readonly Fault DialRefused = new("connection-refused", Severity.Low, ExitCodes.Unreachable,
        "{0} refused the connection to port {1}.",
        "Check that the service runs there.");

    /// <summary>{0} host, {1} port.</summary>
    public static readonly Fault DialTimedOut = new("connection-timed-out", Severity.Low, ExitCodes.TimedOut,
        "{0} did not answer on port {1}.",
        "Check that the node is up (meshiot ping {0}) and that the policy allows the port.");

    /// <summary>{0} host, {1} milliseconds.</summary>
    public static readonly Fault PingTimedOut = new("ping-timed-out", Severity.Low, ExitCodes.TimedOut,
        "No answer from {0} within {1} ms.",
        "Check that it is on (meshiot status), then see what was tried: meshiot debug path {0}");

    /// <summary>{0} node.</summary>
    public static readonly Fault PeerWithoutDisco = new("peer-without-disco", Severity.Low, ExitCodes.Failed,
        "{0} takes no part in path discovery, or too many pings of it are under way.",
        "Ping it inside the tunnel: meshiot ping --tsmp {0}, or --icmp");

    /// <summary>{0} name.</summary>
    public static readonly Fault NodeIsSelf = new("node-is-self", Severity.Low, ExitCodes.Usage,
        "{0} is this node itself, and paths lead to others.",
        "Name a peer (meshiot status shows them); for this node's own network: meshiot netcheck");

    /// <summary>{0} port.</summary>
    public static readonly Fault ListenPortInUse = new("listen-port-in-use", Severity.High, ExitCodes.Failed,
        "TCP port {0} on the tailnet address is in use.",
        "Stop the program that has it, or choose another port.");

    /// <summary>{0} what failed.</summary>
    public static readonly Fault EngineStopped = new("engine-stopped", Severity.High, ExitCodes.Failed,
        "The packet engine stopped: {0}.",
        "Restart the agent; if it happens again, report the journal's lines.");
}
