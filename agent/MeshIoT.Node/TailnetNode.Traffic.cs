using MeshIoT.Node.Engine;

namespace MeshIoT.Node;

/// <content>What was sent and received.</content>
public sealed partial class TailnetNode
{
    /// <summary>What was sent and received since the node started; each number is whole by itself.</summary>
    public NodeTraffic Traffic => new(
        [engine.Traffic.Of(PathTrafficKind.DirectIPv4), engine.Traffic.Of(PathTrafficKind.DirectIPv6), engine.Traffic.Of(PathTrafficKind.Relay)],
        [
            new(true, "acl", engine.FilterDrops),
            new(true, "early", engine.EarlyDrops),
            new(true, "stranger", engine.StrangerDrops),
            new(true, "false_relay", engine.FalseRelayDrops),
            new(false, "no_peer", engine.UnroutedDrops),
        ]);
}
