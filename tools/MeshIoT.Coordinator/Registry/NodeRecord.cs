using System;
using System.Collections.Immutable;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>One node as the coordinator knows it. Immutable: a change makes a new record under the same <see cref="Id"/>.</summary>
internal sealed record NodeRecord
{
    /// <summary>Given out once, never again.</summary>
    public required long Id { get; init; }

    /// <summary>The machine that proved itself in the Noise handshake; the only one that may speak for this node.</summary>
    public required MachinePublicKey Machine { get; init; }

    public required NodePublicKey NodeKey { get; init; }

    /// <summary>The key before the last rotation, usable until the first netmap under the new one has been read; null: none.</summary>
    public NodePublicKey? PreviousNodeKey { get; init; }

    /// <summary>The user it belongs to; 0 for a tagged node, which belongs to nobody.</summary>
    public long UserId { get; init; } = UserRecord.OwnerId;

    /// <summary>Zero until the node has told it.</summary>
    public DiscoPublicKey DiscoKey { get; init; }

    /// <summary>Index into the <see cref="AddressPlan"/>; its for life.</summary>
    public required long AddressIndex { get; init; }

    /// <summary>First label of the node's name, unique in the tailnet.</summary>
    public required string Label { get; init; }

    /// <summary>An administrator chose <see cref="Label"/>: it no longer follows the hostname.</summary>
    public bool Renamed { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>False: it waits for an administrator, sees nobody, and is seen by nobody.</summary>
    public bool Approved { get; init; } = true;

    /// <summary>Routes it may serve, whether it announces them now or not.</summary>
    public ImmutableArray<IPNetwork> ApprovedRoutes { get; init; } = [];

    public bool Ephemeral { get; init; }

    /// <summary>The auth key that admitted it; 0 when unknown.</summary>
    public long AuthKeyId { get; init; }

    /// <summary>True once it has read a netmap, that is, once it has surely stored its node key.</summary>
    public bool Mapped { get; init; }

    /// <summary>The capability version of its last request.</summary>
    public int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? KeyExpiry { get; init; }

    /// <summary>When it was last heard of; of no meaning while it is online.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    public Hostinfo Hostinfo { get; init; } = new();

    /// <summary>Where it can be reached, as it last told.</summary>
    public ImmutableArray<string> Endpoints { get; init; } = [];

    /// <summary>Its endpoints as peers last got them; behind <see cref="Endpoints"/> while only a NAT's mapping changes all the time. Not stored.</summary>
    public ImmutableArray<string> ShownEndpoints { get; init; } = [];

    /// <summary>When <see cref="ShownEndpoints"/> last changed. Not stored.</summary>
    public DateTimeOffset ShownEndpointsAt { get; init; }

    /// <summary>The routes it announces in <see cref="Hostinfo"/>.</summary>
    public ImmutableArray<IPNetwork> Announced { get; init; } = [];

    /// <summary>The routes it serves: announced and approved.</summary>
    public ImmutableArray<IPNetwork> Routes { get; init; } = [];

    /// <summary>Its key was over when the tailnet last looked: it sees nobody. Not stored.</summary>
    public bool Expired { get; init; }

    /// <summary>At least one live map stream, or the last one ended only just now. Not stored.</summary>
    public bool Online { get; init; }

    /// <summary>The opaque form of <see cref="Id"/>.</summary>
    public string StableId => "n" + Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>True when its key is over at <paramref name="now"/>.</summary>
    public bool IsExpired(DateTimeOffset now) => KeyExpiry is { } expiry && expiry <= now;
}
