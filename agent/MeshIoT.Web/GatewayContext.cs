using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Node;
using MeshIoT.Sensors;

namespace MeshIoT.Web;

/// <summary>What a gateway's interface speaks of. What is null is not there, and the interface says so.</summary>
public sealed record GatewayContext
{
    /// <summary>The gateway's host name, as it is when asked.</summary>
    public required Func<string> Name { get; init; }

    /// <summary>The readings.</summary>
    public required Sampler Sampler { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Version of the program.</summary>
    public string Version { get; init; } = "0";

    /// <summary>The node's state.</summary>
    public Func<NodeStatus>? Node { get; init; }

    /// <summary>How a peer is reached.</summary>
    public Func<string, CancellationToken, Task<PathReport>>? Path { get; init; }

    /// <summary>What can be switched; null: nothing.</summary>
    public Outputs? Outputs { get; init; }

    /// <summary>Whether the tailnet's policy lets whoever has this tailnet address set outputs.</summary>
    public Func<IPAddress, bool> MaySwitch { get; init; } = static _ => false;

    /// <summary>The token with which outputs may be set from outside the tailnet; empty: nobody may. A secret.</summary>
    public ReadOnlyMemory<byte> Token { get; init; }

    /// <summary>What the node has sent and received.</summary>
    public Func<NodeTraffic>? Traffic { get; init; }

    /// <summary>The gateway's own faults, beside the node's.</summary>
    public Func<IReadOnlyList<FaultReport>> Faults { get; init; } = static () => [];

    /// <inheritdoc/>
    public override string ToString() => "gateway " + Name();

    /// <summary>What is kept of the readings; gives null while nothing is.</summary>
    public Func<HistoryStore?> History { get; init; } = static () => null;

    /// <summary>
    /// A sensor's means over equal parts of a time, null where there is nothing: id, from and to in milliseconds since 1970-01-01 UTC, how many parts.
    /// </summary>
    public Func<string, long, long, int, IReadOnlyList<double?>>? Recent { get; init; }
}
