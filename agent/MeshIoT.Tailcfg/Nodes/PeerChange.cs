using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>A small change of one peer; what is null or zero is unchanged. control-plane.md section 5.3.</summary>
public sealed record PeerChange
{
    /// <summary>The peer; an unknown one is ignored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long NodeID { get; set; }

    /// <summary>New home relay region.</summary>
    public int DERPRegion { get; set; }

    /// <summary>New capability version.</summary>
    public int Cap { get; set; }

    /// <summary>New capabilities.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>?>? CapMap { get; set; }

    /// <summary>New endpoints.</summary>
    public IReadOnlyList<string>? Endpoints { get; set; }

    /// <summary>New node key.</summary>
    public NodePublicKey? Key { get; set; }

    /// <summary>New tailnet lock signature.</summary>
    public byte[]? KeySignature { get; set; }

    /// <summary>New disco key.</summary>
    public DiscoPublicKey? DiscoKey { get; set; }

    /// <summary>Came or went.</summary>
    public bool? Online { get; set; }

    /// <summary>When last connected.</summary>
    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>New end of the node key.</summary>
    public DateTimeOffset? KeyExpiry { get; set; }
}
