namespace MeshIoT.Health;

/// <content>What the operating system can refuse: tunnel interface, UDP port, addresses and routes.</content>
public static partial class Faults
{
    /// <summary>/dev/net/tun does not exist.</summary>
    public static readonly Fault TunMissing = new("tun-missing", Severity.High, ExitCodes.Failed,
        "There is no /dev/net/tun on this machine, so no tunnel interface can be made.",
        "Load the driver with: sudo modprobe tun (in a container: pass /dev/net/tun in), or run in userspace mode, which needs none.");

    /// <summary>No permission to make the tunnel. {0} interface.</summary>
    public static readonly Fault TunDenied = new("tun-denied", Severity.High, ExitCodes.Refused,
        "This user may not make the tunnel interface {0}.",
        "Run as root or with the capability CAP_NET_ADMIN, or run in userspace mode, which needs neither.");

    /// <summary>The name is taken. {0} interface.</summary>
    public static readonly Fault TunBusy = new("tun-busy", Severity.High, ExitCodes.Failed,
        "Another program, or another kind of interface, already has the name {0}.",
        "See who: ip -details link show dev {0}. Stop that program, or choose another interface name.");

    /// <summary>The kernel would not accept the name. {0} interface.</summary>
    public static readonly Fault TunNameInvalid = new("tun-name-invalid", Severity.High, ExitCodes.Usage,
        "\"{0}\" cannot be the name of a network interface.",
        "Use 1 to 15 letters, digits or dashes, for example meshiot0.");

    /// <summary>Anything else. {0} interface, {1} the system's words.</summary>
    public static readonly Fault TunFailed = new("tun-failed", Severity.High, ExitCodes.Failed,
        "The tunnel interface {0} could not be made: {1}.",
        "Look in the kernel log (dmesg), or run in userspace mode.");

    /// <summary>The interface was removed while in use. {0} interface, {1} the system's words.</summary>
    public static readonly Fault TunGone = new("tun-gone", Severity.High, ExitCodes.Failed,
        "The tunnel interface {0} was removed while in use: {1}.",
        "The agent makes it anew by itself within seconds. If it stays away: sudo systemctl restart meshiotd");

    /// <summary>The interface was removed and is there again. {0} interface, {1} how often, {2} when last.</summary>
    public static readonly Fault TunRenewed = new("tun-renewed", Severity.Medium, ExitCodes.Failed,
        "Something on this machine removed the tunnel interface {0} (times: {1}, last at {2}); it was made anew.",
        "See who does it: ip monitor link. Network managers have to leave this interface alone.");

    /// <summary>Somebody else listens there. {0} port, {1} address.</summary>
    public static readonly Fault UdpPortInUse = new("udp-port-in-use", Severity.High, ExitCodes.Failed,
        "UDP port {0} on {1} is in use by another program.",
        "See which: ss -ulpn sport = :{0}. Stop it, or choose another port.");

    /// <summary>The bind address is not one of this machine's. {0} port, {1} address.</summary>
    public static readonly Fault UdpAddressNotLocal = new("udp-address-not-local", Severity.High, ExitCodes.Usage,
        "{1} is not an address of this machine, so UDP port {0} cannot be opened on it.",
        "See the addresses it has: ip address. Leave the bind address out to use all of them.");

    /// <summary>A port below 1024 without the right to it. {0} port, {1} address.</summary>
    public static readonly Fault UdpPortDenied = new("udp-port-denied", Severity.High, ExitCodes.Refused,
        "This user may not open UDP port {0} on {1}.",
        "Choose a port above 1023, or run with the capability CAP_NET_BIND_SERVICE.");

    /// <summary>Anything else. {0} port, {1} address, {2} the system's words.</summary>
    public static readonly Fault UdpFailed = new("udp-failed", Severity.High, ExitCodes.Failed,
        "UDP port {0} on {1} could not be opened: {2}.",
        "Check that the machine has that kind of address: ip address.");

    /// <summary>rtnetlink said no. {0} what was tried.</summary>
    public static readonly Fault NetworkConfigDenied = new("network-config-denied", Severity.High, ExitCodes.Refused,
        "This user may not change addresses and routes ({0}).",
        "Run as root or with the capability CAP_NET_ADMIN, or run in userspace mode, which needs neither.");

    /// <summary>rtnetlink failed otherwise. {0} what was tried, {1} the system's words.</summary>
    public static readonly Fault NetworkConfigFailed = new("network-config-failed", Severity.High, ExitCodes.Failed,
        "The network could not be configured ({0}): {1}.",
        "See what is there: ip address, ip rule, ip route show table 52.");

    /// <summary>No such interface. {0} interface.</summary>
    public static readonly Fault LinkMissing = new("link-missing", Severity.High, ExitCodes.NotFound,
        "There is no network interface {0}.",
        "See the ones there are: ip link.");

    /// <summary>The process is out of descriptors. {0} the system's words.</summary>
    public static readonly Fault DescriptorUnavailable = new("descriptor-unavailable", Severity.High, ExitCodes.Failed,
        "The system gave no file descriptor: {0}.",
        "Raise the limit of open files (ulimit -n, or LimitNOFILE= in the unit).");
}
