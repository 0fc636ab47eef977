using System;

namespace MeshIoT.Linux;

/// <summary>What the kernel may do for many packets at once, each to be switched off by itself. Where it cannot, it goes without. data-plane.md section 6.</summary>
[Flags]
public enum Offloads
{
    /// <summary>One packet, one call.</summary>
    None = 0,

    /// <summary>Large packets of TCP to and from the tunnel interface (TSO).</summary>
    TunTcp = 1,

    /// <summary>Large packets of UDP to and from it (USO); Linux 6.2 and newer.</summary>
    TunUdp = 2,

    /// <summary>Datagrams of one size for one endpoint go out together (UDP_SEGMENT).</summary>
    UdpGso = 4,

    /// <summary>Datagrams of one size from one endpoint come in together (UDP_GRO).</summary>
    UdpGro = 8,

    /// <summary>All of it.</summary>
    All = TunTcp | TunUdp | UdpGso | UdpGro,
}
