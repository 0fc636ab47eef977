using System;
using System.Collections.Generic;
using MeshIoT.Health;
using MeshIoT.Paths.Endpoints;
using MeshIoT.Paths.NetCheck;

namespace MeshIoT.Node;

/// <summary>A node as it was at one moment. Immutable.</summary>
public sealed record NodeStatus
{
    /// <summary>How far it is.</summary>
    public required BackendState BackendState { get; init; }

    /// <summary>This node; its addresses are empty before the first netmap.</summary>
    public required SelfStatus Self { get; init; }

    /// <summary>The nodes it may know of, sorted by name. What the packet engine counts of them is of the first look into this list.</summary>
    public required IReadOnlyList<PeerStatus> Peers { get; init; }

    /// <summary>What a person should know or mend; empty when all is well.</summary>
    public required IReadOnlyList<FaultReport> Health { get; init; }

    /// <summary>The coordinator in use.</summary>
    public Uri? LoginServer { get; init; }

    /// <summary>The page that approves this node, while it waits for that.</summary>
    public Uri? AuthUrl { get; init; }

    /// <summary>What a person has to do elsewhere before a login goes on; null: nothing.</summary>
    public FaultReport? Waiting { get; init; }

    /// <summary>Whether a login is under way: the first one, or one under a new key.</summary>
    public bool LoginPending { get; init; }

    /// <summary>When this node's key expires; null: never, or not known.</summary>
    public DateTimeOffset? KeyExpiry { get; init; }

    /// <summary>How far the coordinator's clock was ahead of this machine's when it was heard last; null: it has not told.</summary>
    public TimeSpan? CoordinatorAhead { get; init; }

    /// <summary>The tailnet's name.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The UDP port in use.</summary>
    public int UdpPort { get; init; }

    /// <summary>The relay by which peers reach this node while there is no direct path; null: none.</summary>
    public RelayStatus? HomeRelay { get; init; }

    /// <summary>Where peers are told to try to reach this node, the most promising first.</summary>
    public IReadOnlyList<OwnEndpoint> Endpoints { get; init; } = [];

    /// <summary>The last check of the network; null: none yet.</summary>
    public NetCheckReport? NetCheck { get; init; }

    /// <summary>Whether the map stream is up now.</summary>
    public bool CoordinatorConnected { get; init; }
}
