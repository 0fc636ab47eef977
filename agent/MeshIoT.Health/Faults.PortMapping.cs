namespace MeshIoT.Health;

/// <content>What routers do with the wish for an open port, and the watch over the machine's network.</content>
public static partial class Faults
{
    /// <summary>{0} router, {1} protocol, {2} its own outside address.</summary>
    public static readonly Fault PortMappingDoubleNat = new("port-mapping-double-nat", Severity.Low, ExitCodes.Failed,
        "The router {0} would open a port by {1}, but its own outside address is {2}, which the Internet does not reach: another router or the provider stands before it.",
        "Put the outer router in bridge mode, or forward the UDP port on both; without that, peers find another way or go through a relay.");

    /// <summary>{0} router, {1} protocol, {2} its reason.</summary>
    public static readonly Fault PortMappingRefused = new("port-mapping-refused", Severity.Low, ExitCodes.Refused,
        "The router {0} opens no port by {1}: {2}.",
        "Allow it on the router (UPnP, NAT-PMP), forward the UDP port there by hand, or set port_mapping = false to stop asking.");

    /// <summary>{0} the system's words.</summary>
    public static readonly Fault NetworkWatchFailed = new("network-watch-failed", Severity.Low, ExitCodes.Failed,
        "This system does not tell when its network changes ({0}), so a change is noticed late.",
        "Restart the agent after a change of network.");
}
