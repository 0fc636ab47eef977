using System.Collections.Generic;

namespace MeshIoT.Control;

/// <summary>
/// How a netmap differs from the one before it (<see cref="Netmap.Version"/> less one): whoever has seen that one needs to look at nothing else.
/// Whoever has not takes the whole.
/// </summary>
public sealed record NetmapChanges
{
    /// <summary>Nothing.</summary>
    public static NetmapChanges None { get; } = new();

    /// <summary>Peers that are new or different, as they are now, each once.</summary>
    public IReadOnlyList<Peer> Peers { get; init; } = [];

    /// <summary>Peers that are gone, as they were, each once.</summary>
    public IReadOnlyList<Peer> Removed { get; init; } = [];

    /// <summary>This node.</summary>
    public bool Self { get; init; }

    /// <summary>The packet filter.</summary>
    public bool PacketFilter { get; init; }

    /// <summary>Names and resolvers.</summary>
    public bool Dns { get; init; }

    /// <summary>Relays.</summary>
    public bool Derp { get; init; }

    /// <summary>Users, domain, SSH policy, messages, warnings, or the version hint.</summary>
    public bool Others { get; init; }

    /// <summary>True if nothing differs.</summary>
    public bool IsNone => Peers.Count == 0 && Removed.Count == 0 && !(Self || PacketFilter || Dns || Derp || Others);
}
