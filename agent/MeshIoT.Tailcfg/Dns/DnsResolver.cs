using System.Collections.Generic;

namespace MeshIoT.Tailcfg;

/// <summary>A DNS resolver. control-plane.md section 5.6.</summary>
public sealed record DnsResolver
{
    /// <summary>IP, IP:port, or the DoH address of a known provider.</summary>
    public string? Addr { get; set; }

    /// <summary>Addresses of the DoH host, so that it need not be looked up.</summary>
    public IReadOnlyList<string>? BootstrapResolution { get; set; }

    /// <summary>Stays in use behind an exit node.</summary>
    public bool UseWithExitNode { get; set; }
}
