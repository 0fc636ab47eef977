using System;
using System.Collections.Generic;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>All a node knows of its tailnet at one moment. Immutable: a delta makes a new one that shares what is unchanged, so readers need no lock.</summary>
public sealed partial record Netmap
{
    /// <summary>Before the first frame: no peers, nothing allowed.</summary>
    public static Netmap Empty { get; } = new();

    /// <summary>Greater by one with each netmap of a builder that differs from the one before.</summary>
    public long Version { get; init; }

    /// <summary>What differs from the netmap before this one.</summary>
    public NetmapChanges Changes { get; init; } = NetmapChanges.None;

    /// <summary>This node.</summary>
    public Node Self { get; init; } = new();

    /// <summary>The peers in the order of their ids.</summary>
    public PeerTable Peers { get; init; } = PeerTable.Empty;

    /// <summary>Names and resolvers; null = none were ever sent.</summary>
    public DnsConfig? Dns { get; init; }

    /// <summary>Where relays are; null = none were ever sent.</summary>
    public DerpMap? Derp { get; init; }

    /// <summary>What may come in: every named filter's rules, in the order of their names. Empty = nothing.</summary>
    public IReadOnlyList<FilterRule> PacketFilter { get; init; } = [];

    /// <summary>Users by id.</summary>
    public IReadOnlyDictionary<long, UserProfile> Users { get; init; } = new Dictionary<long, UserProfile>();

    /// <summary>The tailnet's name.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Who may log in by SSH; null = nobody.</summary>
    public SshPolicy? SshPolicy { get; init; }

    /// <summary>The coordinator's warnings for the person.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <summary>The coordinator's messages for the person, by id.</summary>
    public IReadOnlyDictionary<string, DisplayMessage> Messages { get; init; } = new Dictionary<string, DisplayMessage>();

    /// <summary>Whether the node's program is current, as the coordinator sees it; null = it has not said.</summary>
    public ClientVersion? ClientVersion { get; init; }

    /// <summary>The coordinator would like to know what listens here.</summary>
    public bool CollectServices { get; init; }

    /// <summary>How far the coordinator's clock is ahead of ours; zero when less than a minute.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>The peer with this id, or null.</summary>
    public Peer? FindPeer(long id) => Peers.TryGet(id, out Peer? peer) ? peer : null;
}
