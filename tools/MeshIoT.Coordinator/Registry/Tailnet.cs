using System.Collections.Immutable;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Coordinator;

/// <summary>
/// Everything the coordinator knows, at one instant. Readers take the current one and never wait;
/// <see cref="StateWriter"/> alone makes the next, and publishes it once it is on disk.
/// </summary>
internal sealed record Tailnet
{
    public ImmutableSortedDictionary<long, NodeRecord> Nodes { get; init; } = ImmutableSortedDictionary<long, NodeRecord>.Empty;

    public ImmutableDictionary<NodePublicKey, long> NodeKeys { get; init; } = ImmutableDictionary<NodePublicKey, long>.Empty;

    public ImmutableDictionary<MachinePublicKey, long> Machines { get; init; } = ImmutableDictionary<MachinePublicKey, long>.Empty;

    public ImmutableDictionary<string, long> Labels { get; init; } = ImmutableDictionary<string, long>.Empty;

    public ImmutableSortedDictionary<long, AuthKey> AuthKeys { get; init; } = ImmutableSortedDictionary<long, AuthKey>.Empty;

    public ImmutableDictionary<string, long> AuthKeyHashes { get; init; } = ImmutableDictionary<string, long>.Empty;

    public long NextNodeId { get; init; } = 1;

    public long NextAddressIndex { get; init; } = 1;

    public long NextAuthKeyId { get; init; } = 1;

    /// <summary>Counts what netmaps show; two instants with the same number make the same netmaps.</summary>
    public long Revision { get; init; }

    /// <summary>The revision at which a node was last removed.</summary>
    public long LastRemoval { get; init; }

    /// <summary>Completes when a tailnet with a later <see cref="Revision"/> has been published.</summary>
    public TaskCompletionSource Outdated { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeRecord? FindByNodeKey(NodePublicKey key) => NodeKeys.TryGetValue(key, out long id) ? Nodes[id] : null;

    public NodeRecord? FindByMachine(MachinePublicKey key) => Machines.TryGetValue(key, out long id) ? Nodes[id] : null;

    public AuthKey? FindAuthKey(string hash) => AuthKeyHashes.TryGetValue(hash, out long id) ? AuthKeys[id] : null;
}
