namespace MeshIoT.Tailcfg;

/// <summary>Result of a ping the server asked for. control-plane.md section 5.8.</summary>
public sealed record PingResponse
{
    /// <summary>Kind of ping.</summary>
    public string? Type { get; set; }

    /// <summary>Whom.</summary>
    public string? IP { get; set; }

    /// <summary>Address of the node that answered.</summary>
    public string? NodeIP { get; set; }

    /// <summary>Its name.</summary>
    public string? NodeName { get; set; }

    /// <summary>Why not.</summary>
    public string? Err { get; set; }

    /// <summary>Round trip.</summary>
    public double LatencySeconds { get; set; }

    /// <summary>Address and port it went to, when direct.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Relay region it went through.</summary>
    public int DERPRegionID { get; set; }

    /// <summary>That region's code.</summary>
    public string? DERPRegionCode { get; set; }

    /// <summary>Port of the answering node's peerapi.</summary>
    public ushort PeerAPIPort { get; set; }

    /// <summary>The address was the node's own.</summary>
    public bool IsLocalIP { get; set; }
}
