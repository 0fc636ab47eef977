using System.Collections.Generic;

namespace MeshIoT.Tailcfg;

/// <summary>One allowing rule of the packet filter, judged at the destination. control-plane.md section 5.7.</summary>
public sealed record FilterRule
{
    /// <summary>Addresses, prefixes, ranges <c>a-b</c>, <c>*</c>, or <c>cap:name</c>.</summary>
    public IReadOnlyList<string>? SrcIPs { get; set; }

    /// <summary>Old form of prefix lengths; any makes the whole filter void.</summary>
    public IReadOnlyList<int>? SrcBits { get; set; }

    /// <summary>Where to; excludes <see cref="CapGrant"/>.</summary>
    public IReadOnlyList<NetPortRange>? DstPorts { get; set; }

    /// <summary>IP protocols; none = TCP, UDP, ICMP, ICMPv6.</summary>
    public IReadOnlyList<int>? IPProto { get; set; }

    /// <summary>Capabilities granted to the source; excludes <see cref="DstPorts"/>.</summary>
    public IReadOnlyList<CapGrant>? CapGrant { get; set; }
}
