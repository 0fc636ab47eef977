using System.Collections.Generic;
using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>
/// Body of <c>POST /machine/map</c>. <see cref="Stream"/> alone is the long poll; <see cref="OmitPeers"/> without it is a lite update.
/// control-plane.md section 5.1.
/// </summary>
public sealed record MapRequest
{
    /// <summary>Capability version of the node.</summary>
    public int Version { get; set; }

    /// <summary><c>zstd</c>, or null for plain JSON frames.</summary>
    public string? Compress { get; set; }

    /// <summary>Wants a keep-alive frame about every minute.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>The node.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public NodePublicKey NodeKey { get; set; }

    /// <summary>Its disco key; zero must not overwrite a known one.</summary>
    public DiscoPublicKey DiscoKey { get; set; }

    /// <summary>Long poll: the answer never ends.</summary>
    public bool Stream { get; set; }

    /// <summary>The node's description of itself; null = unchanged.</summary>
    public Hostinfo? Hostinfo { get; set; }

    /// <summary>Where the node can be reached, <c>ip:port</c>.</summary>
    public IReadOnlyList<string>? Endpoints { get; set; }

    /// <summary>Kind of each endpoint, parallel to <see cref="Endpoints"/>; see <see cref="EndpointType"/>.</summary>
    public IReadOnlyList<int>? EndpointTypes { get; set; }

    /// <summary>No peers in the answer.</summary>
    public bool OmitPeers { get; set; }

    /// <summary>Changes nothing at the server; only very old clients send it.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Free flags such as <c>warn-ip-forwarding-off</c>.</summary>
    public IReadOnlyList<string>? DebugFlags { get; set; }

    /// <summary>Tailnet lock head.</summary>
    public string? TKAHead { get; set; }

    /// <summary>Session to resume; a server may ignore it.</summary>
    public string? MapSessionHandle { get; set; }

    /// <summary>Last sequence number seen in that session.</summary>
    public long MapSessionSeq { get; set; }
}
