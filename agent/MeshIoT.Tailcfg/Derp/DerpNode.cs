using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>One relay. control-plane.md section 5.5.</summary>
public sealed record DerpNode
{
    /// <summary>Unique within the map, <c>900a</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Name { get => field; set => field = value ?? ""; } = "";

    /// <summary>Its region.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int RegionID { get; set; }

    /// <summary>Host name, also for TLS.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string HostName { get => field; set => field = value ?? ""; } = "";

    /// <summary>Other name in the certificate, or <c>sha256-raw:</c> and the certificate's hash.</summary>
    public string? CertName { get; set; }

    /// <summary>IPv4 address; <c>none</c> disables IPv4.</summary>
    public string? IPv4 { get; set; }

    /// <summary>IPv6 address; <c>none</c> disables IPv6.</summary>
    public string? IPv6 { get; set; }

    /// <summary>0 = 3478, -1 = no STUN.</summary>
    public int STUNPort { get; set; }

    /// <summary>STUN only, no relay.</summary>
    public bool STUNOnly { get; set; }

    /// <summary>0 = 443.</summary>
    public int DERPPort { get; set; }

    /// <summary>Certificate is not checked; for tests on one machine.</summary>
    public bool InsecureForTests { get; set; }

    /// <summary>Address for STUN in tests.</summary>
    public string? STUNTestIP { get; set; }

    /// <summary>Also answers on port 80, for captive portal checks.</summary>
    public bool CanPort80 { get; set; }
}
