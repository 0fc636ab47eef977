namespace MeshIoT.Health;

/// <summary>Faults of the agent's configuration and its own sockets.</summary>
public static partial class Faults
{
    /// <summary>A setting that does not exist.</summary>
    public static readonly Fault SettingUnknown = new(
        "setting-unknown", Severity.High, ExitCodes.Usage,
        "There is no setting \"{0}\" ({1}).{2}", "See all of them with: meshiotd --help");

    /// <summary>A setting whose value cannot be read.</summary>
    public static readonly Fault SettingMalformed = new(
        "setting-malformed", Severity.High, ExitCodes.Usage,
        "{0} is \"{1}\" ({2}), which is not {3}.", "Correct it; \"meshiotd configtest\" shows every value and where it comes from.");

    /// <summary>A setting that must be there and is not. {0} key, {1} table, {2} where, {3} what it must be.</summary>
    public static readonly Fault SettingMissing = new(
        "setting-missing", Severity.High, ExitCodes.Usage,
        "{0} is missing in {1} ({2}); it must be {3}.", "Add it, then check the file with: meshiotd configtest");

    /// <summary>A configuration file that is not TOML, or cannot be read.</summary>
    public static readonly Fault ConfigUnreadable = new(
        "config-unreadable", Severity.High, ExitCodes.Usage,
        "The configuration {0} cannot be used: {1}", "Correct it, then check it with: meshiotd configtest --config {0}");

    /// <summary>Something that this build of the agent was made without. {0} what, {1} where it stands or who asked.</summary>
    public static readonly Fault NotInThisBuild = new(
        "not-in-this-build", Severity.High, ExitCodes.Usage,
        "{0} ({1}) is not in this build of meshiotd, which is mesh-only.", "Take it out, or install the build with the gateway: meshiotd version says which one this is.");

    /// <summary>The local socket cannot be made.</summary>
    public static readonly Fault SocketUnusable = new(
        "socket-unusable", Severity.High, ExitCodes.Failed,
        "The socket {0} cannot be made: {1}.", "Give another path with --socket, or make its directory writable for this user.");

    /// <summary>Another agent answers on the socket.</summary>
    public static readonly Fault SocketTaken = new(
        "socket-taken", Severity.High, ExitCodes.Failed,
        "Another program already answers at {0}.", "Stop it first, or give this one its own --socket and --state-dir.");

    /// <summary>The address for the local page cannot be had.</summary>
    public static readonly Fault WebListenUnusable = new(
        "web-listen-unusable", Severity.High, ExitCodes.Failed,
        "The page cannot be served at {0}: {1}.", "Choose a free port of this machine with --web-listen IP:PORT.");

    /// <summary>A node that has no gateway interface.</summary>
    public static readonly Fault NotAGateway = new(
        "not-a-gateway", Severity.Low, ExitCodes.Failed,
        "{0} runs no MeshIoT gateway: it refuses connections to port 80.", "List the gateways with: meshiot sensor list.");

    /// <summary>A gateway that did not answer.</summary>
    public static readonly Fault GatewaySilent = new(
        "gateway-silent", Severity.Medium, ExitCodes.TimedOut,
        "{0} did not answer: {1}.", "Check that it is on and reachable: meshiot ping {0}");

    /// <summary>The node does not run, so nothing can be reached.</summary>
    public static readonly Fault NodeNotRunning = new(
        "node-not-running", Severity.High, ExitCodes.Failed,
        "This node is not part of a tailnet now (state {0}).", "Join one with: meshiot up --claim -");

    /// <summary>Nobody let the node in within the time. {0} seconds, {1} the next step.</summary>
    public static readonly Fault LoginTimedOut = new(
        "login-timed-out", Severity.Medium, ExitCodes.TimedOut,
        "Nobody let this node in within {0} s; the login stays open.", "{1}; this node goes on by itself then (see: meshiot status)");

    /// <summary>Joining took longer than allowed; the agent goes on trying.</summary>
    public static readonly Fault UpTimedOut = new(
        "up-timed-out", Severity.Medium, ExitCodes.TimedOut,
        "The node did not come up within {0} s; the agent goes on trying. {1}", "Watch it with: meshiot status");
}
