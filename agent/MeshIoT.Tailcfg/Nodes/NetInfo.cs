using System.Collections.Generic;

namespace MeshIoT.Tailcfg;

/// <summary>What a node knows of its own network. control-plane.md section 5.4.</summary>
public sealed record NetInfo
{
    /// <summary>The NAT maps each destination differently.</summary>
    public bool? MappingVariesByDestIP { get; set; }

    /// <summary>IPv6 reaches the Internet.</summary>
    public bool? WorkingIPv6 { get; set; }

    /// <summary>The system has IPv6 at all.</summary>
    public bool? OSHasIPv6 { get; set; }

    /// <summary>UDP reaches the Internet.</summary>
    public bool? WorkingUDP { get; set; }

    /// <summary>ICMPv4 reaches the Internet.</summary>
    public bool? WorkingICMPv4 { get; set; }

    /// <summary>A port mapping is in place.</summary>
    public bool HavePortMap { get; set; }

    /// <summary>The router speaks UPnP.</summary>
    public bool? UPnP { get; set; }

    /// <summary>The router speaks NAT-PMP.</summary>
    public bool? PMP { get; set; }

    /// <summary>The router speaks PCP.</summary>
    public bool? PCP { get; set; }

    /// <summary>Home relay region; feeds <see cref="Node.HomeDERP"/>. 0 = none.</summary>
    public int PreferredDERP { get; set; }

    /// <summary><c>wired</c>, <c>wifi</c>, <c>mobile</c>.</summary>
    public string? LinkType { get; set; }

    /// <summary><c>region-v4</c> or <c>region-v6</c> → seconds.</summary>
    public IReadOnlyDictionary<string, double>? DERPLatency { get; set; }

    /// <summary>Which packet filter the system uses.</summary>
    public string? FirewallMode { get; set; }
}
