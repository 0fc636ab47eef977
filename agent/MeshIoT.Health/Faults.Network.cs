namespace MeshIoT.Health;

/// <content>The network that a node is on, as its checks find it.</content>
public static partial class Faults
{
    /// <summary>{0} how many requests.</summary>
    public static readonly Fault UdpBlocked = new("udp-blocked", Severity.Medium, ExitCodes.Failed,
        "UDP does not get through here: {0} STUN requests had no answer, while relays answer over HTTPS. Everything goes by relay.",
        "Nothing, if that is fast enough; for direct paths let UDP out of this network, at least to port 3478 and to the peers' ports.");

    /// <summary>{0} how many regions.</summary>
    public static readonly Fault NoRelayAnswers = new("no-relay-answers", Severity.High, ExitCodes.Unreachable,
        "No relay answers, of {0} regions, neither by STUN nor over HTTPS: only peers on the same network can be reached.",
        "Check this machine's uplink, firewall and DNS (meshiot netcheck); the node goes on by itself when one answers.");

    /// <summary>The NAT maps each destination anew.</summary>
    public static readonly Fault HardNat = new("hard-nat", Severity.Low, ExitCodes.Done,
        "The NAT of this network gives each destination another port: peers behind such a NAT themselves are reached by relay.",
        "Nothing, if that is fast enough; otherwise switch on UPnP or NAT-PMP in the router, or forward this node's UDP port.");

    /// <summary>{0} codes of regions.</summary>
    public static readonly Fault StunSilent = new("stun-silent", Severity.Low, ExitCodes.Done,
        "UDP works here, but these relay regions do not answer STUN: {0}.",
        "Check that they run and that UDP port 3478 reaches them; the others are used meanwhile.");
}
