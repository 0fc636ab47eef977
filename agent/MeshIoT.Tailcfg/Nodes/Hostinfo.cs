using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>A node's description of itself; every member is optional. control-plane.md section 5.4.</summary>
public sealed record Hostinfo
{
    /// <summary>Version of the node's program.</summary>
    public string? IPNVersion { get; set; }

    /// <summary>Log id of the user interface.</summary>
    public string? FrontendLogID { get; set; }

    /// <summary>Log id of the agent.</summary>
    public string? BackendLogID { get; set; }

    /// <summary>Operating system, <c>linux</c>.</summary>
    public string? OS { get; set; }

    /// <summary>Its version.</summary>
    public string? OSVersion { get; set; }

    /// <summary>Runs in a container.</summary>
    public bool? Container { get; set; }

    /// <summary>Kind of hosting environment.</summary>
    public string? Env { get; set; }

    /// <summary>Distribution, <c>debian</c>.</summary>
    public string? Distro { get; set; }

    /// <summary>Its version.</summary>
    public string? DistroVersion { get; set; }

    /// <summary>Its code name.</summary>
    public string? DistroCodeName { get; set; }

    /// <summary>Program that embeds the node.</summary>
    public string? App { get; set; }

    /// <summary>Has a desktop.</summary>
    public bool? Desktop { get; set; }

    /// <summary>How the program was installed.</summary>
    public string? Package { get; set; }

    /// <summary>Board or phone model.</summary>
    public string? DeviceModel { get; set; }

    /// <summary>Name the node would like to have.</summary>
    public string? Hostname { get; set; }

    /// <summary>Lets nothing in.</summary>
    public bool ShieldsUp { get; set; }

    /// <summary>Belongs to somebody this node was shared with.</summary>
    public bool ShareeNode { get; set; }

    /// <summary>Sends no logs and wants no support.</summary>
    public bool NoLogsNoSupport { get; set; }

    /// <summary>Would like to be wired up for ingress.</summary>
    public bool WireIngress { get; set; }

    /// <summary>Ingress is on.</summary>
    public bool IngressEnabled { get; set; }

    /// <summary>May be told to update itself.</summary>
    public bool AllowsUpdate { get; set; }

    /// <summary>CPU as uname has it.</summary>
    public string? Machine { get; set; }

    /// <summary>CPU as Go names it.</summary>
    public string? GoArch { get; set; }

    /// <summary>CPU variant as Go names it.</summary>
    public string? GoArchVar { get; set; }

    /// <summary>Go release, when the program is written in it.</summary>
    public string? GoVersion { get; set; }

    /// <summary>Subnet routes announced.</summary>
    public IReadOnlyList<string>? RoutableIPs { get; set; }

    /// <summary>Tags asked for.</summary>
    public IReadOnlyList<string>? RequestTags { get; set; }

    /// <summary>MAC addresses for wake-on-LAN.</summary>
    public IReadOnlyList<string>? WoLMACs { get; set; }

    /// <summary>What the node listens on.</summary>
    public IReadOnlyList<Service>? Services { get; set; }

    /// <summary>Network facts; absent in an update = unchanged.</summary>
    public NetInfo? NetInfo { get; set; }

    /// <summary>SSH host keys.</summary>
    [JsonPropertyName("sshHostKeys")]
    public IReadOnlyList<string>? SshHostKeys { get; set; }

    /// <summary>Cloud provider.</summary>
    public string? Cloud { get; set; }

    /// <summary>No TUN device: a userspace network stack.</summary>
    public bool? Userspace { get; set; }

    /// <summary>Subnet routes are served by the userspace stack.</summary>
    public bool? UserspaceRouter { get; set; }

    /// <summary>Serves as app connector.</summary>
    public bool? AppConnector { get; set; }

    /// <summary>Hash over the services hosted.</summary>
    public string? ServicesHash { get; set; }

    /// <summary>Relays for its peers.</summary>
    public bool PeerRelay { get; set; }

    /// <summary>Stable id of the exit node in use.</summary>
    public string? ExitNodeID { get; set; }

    /// <summary>Geographic place, raw JSON.</summary>
    public JsonElement? Location { get; set; }

    /// <summary>TPM facts, raw JSON.</summary>
    public JsonElement? TPM { get; set; }

    /// <summary>The state file is encrypted.</summary>
    public bool? StateEncrypted { get; set; }
}
