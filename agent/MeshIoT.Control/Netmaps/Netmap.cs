using System;
using System.Collections.Generic;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>All a node knows of its tailnet at one moment. Immutable: a delta makes a new one, so readers need no lock.</summary>
public sealed record Netmap
{
    /// <summary>Before the first frame: no peers, nothing allowed.</summary>
    public static Netmap Empty { get; } = new();

    /// <summary>This node.</summary>
    public Node Self { get; init; } = new();

    /// <summary>The peers, sorted by id; their addresses, allowed IPs and home relay are cleaned (see <see cref="NetmapBuilder"/>).</summary>
    public IReadOnlyList<Node> Peers { get; init; } = [];

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

    /// <summary>Who may log in by SSH, raw JSON.</summary>
    public JsonElement? SshPolicy { get; init; }

    /// <summary>The coordinator's warnings for the person.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <summary>The coordinator's messages for the person, by id.</summary>
    public IReadOnlyDictionary<string, DisplayMessage> Messages { get; init; } = new Dictionary<string, DisplayMessage>();

    /// <summary>How far the coordinator's clock is ahead of ours; zero when less than a minute.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>The peer with this id, or null.</summary>
    public Node? FindPeer(long id)
    {
        int low = 0, high = Peers.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = Peers[middle].ID.CompareTo(id);
            if (order == 0)
            {
                return Peers[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
