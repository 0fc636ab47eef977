using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshIoT.Crypto;

namespace MeshIoT.Tailcfg;

/// <summary>
/// A node as the coordinator describes it to another node, or to itself. Once put into a netmap it is not changed any more:
/// deltas make a copy (<c>with</c>). control-plane.md section 5.4.
/// </summary>
public sealed record Node
{
    /// <summary>Never reused; greater than zero, may exceed 2^53.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long ID { get; set; }

    /// <summary>Opaque id that survives the node's whole life.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string StableID { get => field; set => field = value ?? ""; } = "";

    /// <summary>Full name with its trailing dot, <c>host.tail.example.</c></summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Name { get => field; set => field = value ?? ""; } = "";

    /// <summary>Owner's user id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long User { get; set; }

    /// <summary>Who shared the node into this tailnet; 0 = nobody.</summary>
    public long Sharer { get; set; }

    /// <summary>WireGuard public key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public NodePublicKey Key { get; set; }

    /// <summary>When <see cref="Key"/> ends; null = never.</summary>
    public DateTimeOffset? KeyExpiry { get; set; }

    /// <summary>Tailnet lock signature.</summary>
    public byte[]? KeySignature { get; set; }

    /// <summary>Machine key.</summary>
    public MachinePublicKey Machine { get; set; }

    /// <summary>Disco key; zero for peers that speak plain WireGuard only.</summary>
    public DiscoPublicKey DiscoKey { get; set; }

    /// <summary>The node's own addresses, IPv4/32 then IPv6/128.</summary>
    public IReadOnlyList<string>? Addresses { get; set; }

    /// <summary>Prefixes routed to the node; null means <see cref="Addresses"/>.</summary>
    public IReadOnlyList<string>? AllowedIPs { get; set; }

    /// <summary>Where the node says it can be reached, <c>ip:port</c>.</summary>
    public IReadOnlyList<string>? Endpoints { get; set; }

    /// <summary>Home relay in the old form, <c>127.3.3.40:N</c>; still sent by some servers.</summary>
    public string? DERP { get; set; }

    /// <summary>Home relay region; 0 = none known.</summary>
    public int HomeDERP { get; set; }

    /// <summary>The node's description of itself, as far as this viewer may see it.</summary>
    public Hostinfo? Hostinfo { get; set; }

    /// <summary>When the node was first admitted.</summary>
    public DateTimeOffset? Created { get; set; }

    /// <summary>Capability version of that node.</summary>
    public int Cap { get; set; }

    /// <summary>Tags, <c>tag:name</c>.</summary>
    public IReadOnlyList<string>? Tags { get; set; }

    /// <summary>Subnet routes the node serves now.</summary>
    public IReadOnlyList<string>? PrimaryRoutes { get; set; }

    /// <summary>When the node was last connected; null while online.</summary>
    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Connected to the coordinator; null = unknown.</summary>
    public bool? Online { get; set; }

    /// <summary>The node may take part; must be true on self.</summary>
    public bool MachineAuthorized { get; set; }

    /// <summary>Capabilities in the old form.</summary>
    public IReadOnlyList<string>? Capabilities { get; set; }

    /// <summary>Capability name → values, raw JSON.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonElement>?>? CapMap { get; set; }

    /// <summary>The peer speaks WireGuard only, neither disco nor relay.</summary>
    public bool IsWireGuardOnly { get; set; }

    /// <summary>The peer may answer but not start connections.</summary>
    public bool IsJailed { get; set; }

    /// <summary>The peer's key has expired.</summary>
    public bool Expired { get; set; }
}
