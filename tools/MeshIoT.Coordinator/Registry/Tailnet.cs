using System;
using System.Collections.Immutable;
using System.Net;
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

    /// <summary>The nodes of each machine, one per user (or one tagged), by ID.</summary>
    public ImmutableDictionary<MachinePublicKey, ImmutableArray<long>> Machines { get; init; } = ImmutableDictionary<MachinePublicKey, ImmutableArray<long>>.Empty;

    public ImmutableDictionary<string, long> Labels { get; init; } = ImmutableDictionary<string, long>.Empty;

    public ImmutableSortedDictionary<long, AuthKey> AuthKeys { get; init; } = ImmutableSortedDictionary<long, AuthKey>.Empty;

    public ImmutableDictionary<string, long> AuthKeyHashes { get; init; } = ImmutableDictionary<string, long>.Empty;

    public ImmutableSortedDictionary<long, UserRecord> Users { get; init; } = ImmutableSortedDictionary<long, UserRecord>.Empty;

    /// <summary>User IDs by login name, compared without case.</summary>
    public ImmutableDictionary<string, long> Logins { get; init; } = ImmutableDictionary.Create<string, long>(StringComparer.OrdinalIgnoreCase);

    public ImmutableSortedDictionary<long, ApiToken> ApiTokens { get; init; } = ImmutableSortedDictionary<long, ApiToken>.Empty;

    public ImmutableDictionary<string, long> ApiTokenHashes { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>The policy in force; null: none was ever set, and everybody may reach everybody.</summary>
    public PolicyRecord? Policy { get; init; }

    public TailnetSettings Settings { get; init; } = new();

    public long NextUserId { get; init; } = 2;

    public long NextApiTokenId { get; init; } = 1;

    public long NextNodeId { get; init; } = 1;

    public long NextAddressIndex { get; init; } = 1;

    public long NextAuthKeyId { get; init; } = 1;

    /// <summary>Counts what netmaps show; two instants with the same number make the same netmaps.</summary>
    public long Revision { get; init; }

    /// <summary>Who serves each subnet route, by ID: announced, approved, and the node itself approved.</summary>
    public ImmutableDictionary<IPNetwork, ImmutableSortedSet<long>> RouteServers { get; init; } = ImmutableDictionary<IPNetwork, ImmutableSortedSet<long>>.Empty;

    /// <summary>Whose turn it is to serve each subnet route.</summary>
    public ImmutableDictionary<IPNetwork, long> Primaries { get; init; } = ImmutableDictionary<IPNetwork, long>.Empty;

    /// <summary>Who may reach whom, for exactly these nodes and users under exactly this policy.</summary>
    public Access Access { get; init; } = Access.Everything;

    public NodeRecord? FindByNodeKey(NodePublicKey key) => NodeKeys.TryGetValue(key, out long id) ? Nodes[id] : null;

    /// <summary>The machine's node of that user (0: its tagged node); null when it has none.</summary>
    public NodeRecord? FindByMachine(MachinePublicKey key, long userId)
    {
        foreach (long id in NodesOf(key))
        {
            if (Nodes[id].UserId == userId)
            {
                return Nodes[id];
            }
        }

        return null;
    }

    /// <summary>The IDs of a machine's nodes.</summary>
    public ImmutableArray<long> NodesOf(MachinePublicKey key) => Machines.TryGetValue(key, out ImmutableArray<long> ids) ? ids : [];

    public UserRecord? FindUser(string login) => Logins.TryGetValue(login, out long id) ? Users[id] : null;

    public ApiToken? FindApiToken(string hash) => ApiTokenHashes.TryGetValue(hash, out long id) ? ApiTokens[id] : null;

    public AuthKey? FindAuthKey(string hash) => AuthKeyHashes.TryGetValue(hash, out long id) ? AuthKeys[id] : null;
}
