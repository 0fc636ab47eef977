using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;

namespace MeshIoT.Control;

/// <summary>
/// What a node keeps of a peer: about half a kibibyte, since a tailnet may have ten thousand of them. Texts and lists that many peers have in
/// common are shared. Immutable: a change makes another. Equal by content. control-plane.md section 5.4.
/// </summary>
public sealed record Peer
{
    // Unset times are long.MinValue: a nullable DateTimeOffset takes three times the memory.
    long lastSeenTicks = long.MinValue, keyExpiryTicks = long.MinValue;

    /// <summary>Never reused; greater than zero, may exceed 2^53.</summary>
    public required long ID { get; init; }

    /// <summary>Opaque id that survives the node's whole life.</summary>
    public string StableID { get; init; } = "";

    /// <summary>First label of its name, <c>host</c>.</summary>
    public string Label { get; init; } = "";

    /// <summary>The rest of its name, <c>.tail.example.</c>, or empty.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Full name with its trailing dot, <c>host.tail.example.</c>; a new string unless there is no suffix.</summary>
    public string Name => Label + Suffix;

    /// <summary>Owner's user id; see <see cref="Netmap.Users"/>.</summary>
    public long User { get; init; }

    /// <summary>WireGuard public key.</summary>
    public NodePublicKey Key { get; init; }

    /// <summary>Disco key; zero for peers that speak plain WireGuard only.</summary>
    public DiscoPublicKey DiscoKey { get; init; }

    /// <summary>Its own addresses: /32 and /128 only.</summary>
    public IReadOnlyList<IPNetwork> Addresses { get; init; } = [];

    /// <summary>Prefixes routed to it; the same list as <see cref="Addresses"/> if there is nothing behind it.</summary>
    public IReadOnlyList<IPNetwork> AllowedIPs { get; init; } = [];

    /// <summary>Subnet routes it serves now.</summary>
    public IReadOnlyList<IPNetwork> PrimaryRoutes { get; init; } = [];

    /// <summary>Where it says it can be reached.</summary>
    public PeerEndpoints Endpoints { get; init; }

    /// <summary>Home relay region; 0 = none known.</summary>
    public int HomeDERP { get; init; }

    /// <summary>Capability version of that node; 0 = not said.</summary>
    public int Cap { get; init; }

    /// <summary>Operating system, or empty.</summary>
    public string OS { get; init; } = "";

    /// <summary>The name its system has, or empty.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Port of its peer API over IPv4; 0 = none.</summary>
    public ushort PeerApi4 { get; init; }

    /// <summary>Port of its peer API over IPv6; 0 = none.</summary>
    public ushort PeerApi6 { get; init; }

    /// <summary>Its peer API answers names.</summary>
    public bool PeerApiAnswersDns { get; init; }

    /// <summary>Tags, <c>tag:name</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Names of its capabilities; their values are of no use to a peer.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Connected to the coordinator; null = unknown.</summary>
    public bool? Online { get; init; }

    /// <summary>When it was last connected; null = not known, or online.</summary>
    public DateTimeOffset? LastSeen
    {
        get => FromTicks(lastSeenTicks);
        init => lastSeenTicks = ToTicks(value);
    }

    /// <summary>When <see cref="Key"/> ends; null = never.</summary>
    public DateTimeOffset? KeyExpiry
    {
        get => FromTicks(keyExpiryTicks);
        init => keyExpiryTicks = ToTicks(value);
    }

    /// <summary>It speaks WireGuard only, neither disco nor relay.</summary>
    public bool IsWireGuardOnly { get; init; }

    /// <summary>It may answer but not start connections.</summary>
    public bool IsJailed { get; init; }

    /// <summary>Its key has ended: nothing goes to it and nothing is taken from it.</summary>
    public bool Expired => IsSaidExpired || IsPastExpiry;

    /// <summary>The coordinator says that it has expired.</summary>
    internal bool IsSaidExpired { get; init; }

    /// <summary>The clock says so; see <see cref="Netmap.ApplyExpiry"/>.</summary>
    internal bool IsPastExpiry { get; init; }

    /// <summary>True if it has this capability.</summary>
    public bool HasCapability(string name) => Capabilities.Contains(name);

    /// <inheritdoc/>
    public bool Equals(Peer? other) => ReferenceEquals(this, other) || (other is not null
        && ID == other.ID && Key == other.Key && DiscoKey == other.DiscoKey && User == other.User && HomeDERP == other.HomeDERP && Cap == other.Cap
        && Online == other.Online && lastSeenTicks == other.lastSeenTicks && keyExpiryTicks == other.keyExpiryTicks
        && IsWireGuardOnly == other.IsWireGuardOnly && IsJailed == other.IsJailed && IsSaidExpired == other.IsSaidExpired && IsPastExpiry == other.IsPastExpiry
        && PeerApi4 == other.PeerApi4 && PeerApi6 == other.PeerApi6 && PeerApiAnswersDns == other.PeerApiAnswersDns
        && StableID == other.StableID && Label == other.Label && Suffix == other.Suffix && OS == other.OS && Hostname == other.Hostname
        && Endpoints == other.Endpoints && Same(Addresses, other.Addresses) && Same(AllowedIPs, other.AllowedIPs) && Same(PrimaryRoutes, other.PrimaryRoutes)
        && Same(Tags, other.Tags) && Same(Capabilities, other.Capabilities));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ID, Key);

    static bool Same<T>(IReadOnlyList<T> a, IReadOnlyList<T> b) => ReferenceEquals(a, b) || a.SequenceEqual(b);

    static DateTimeOffset? FromTicks(long ticks) => ticks == long.MinValue ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    static long ToTicks(DateTimeOffset? time) => time?.UtcTicks ?? long.MinValue;
}
