using System.Collections.Generic;

namespace MeshIoT.Tailcfg;

/// <summary>Names and resolvers of a tailnet. control-plane.md section 5.6.</summary>
public sealed record DnsConfig
{
    /// <summary>Resolvers for everything.</summary>
    public IReadOnlyList<DnsResolver>? Resolvers { get; set; }

    /// <summary>Suffix → resolvers; none or null = answered by the node itself.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DnsResolver>?>? Routes { get; set; }

    /// <summary>Resolvers for what no route covers, where the system cannot split.</summary>
    public IReadOnlyList<DnsResolver>? FallbackResolvers { get; set; }

    /// <summary>Search domains without trailing dot, the tailnet's first.</summary>
    public IReadOnlyList<string>? Domains { get; set; }

    /// <summary>MagicDNS is on.</summary>
    public bool Proxied { get; set; }

    /// <summary>Resolver addresses in the old form; dead.</summary>
    public IReadOnlyList<string>? Nameservers { get; set; }

    /// <summary>Names the node may get certificates for.</summary>
    public IReadOnlyList<string>? CertDomains { get; set; }

    /// <summary>Records beyond the nodes' own names.</summary>
    public IReadOnlyList<DnsRecord>? ExtraRecords { get; set; }

    /// <summary>Suffixes an exit node must not answer.</summary>
    public IReadOnlyList<string>? ExitNodeFilteredSet { get; set; }
}
