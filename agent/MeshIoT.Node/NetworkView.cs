using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Naming;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node;

/// <summary>A netmap in the words of the public API. Immutable; replaced as a whole.</summary>
internal sealed record NetworkView
{
    /// <summary>Before the first netmap.</summary>
    public static NetworkView None { get; } = new()
    {
        Self = new SelfStatus("", "", [], "", []), Peers = [], Names = NameTable.Empty, Routed = [], Domain = "",
    };

    /// <summary>This node.</summary>
    public required SelfStatus Self { get; init; }

    /// <summary>The peers, sorted by name, without what the engine counts.</summary>
    public required IReadOnlyList<(NodePublicKey Key, PeerStatus Status)> Peers { get; init; }

    /// <summary>Names of this node and the peers.</summary>
    public required NameTable Names { get; init; }

    /// <summary>Every single address a peer takes.</summary>
    public required HashSet<IPAddress> Routed { get; init; }

    /// <summary>The networks behind peers.</summary>
    public IReadOnlyList<IPNetwork> Subnets { get; init; } = [];

    /// <summary>The tailnet's name.</summary>
    public required string Domain { get; init; }

    /// <summary>The relays that the netmap lists; null: none.</summary>
    public DerpMap? Relays { get; init; }

    /// <summary>The code of a relay region, or its number.</summary>
    public string RelayCode(int region) => CodeOf(Relays, region);

    /// <summary>A relay region in the words of the public API; null for none (0).</summary>
    public RelayStatus? Relay(int region, bool? connected) =>
        region == 0 ? null : new RelayStatus(region, RelayCode(region), Relays?.Regions?.GetValueOrDefault(region)?.RegionName ?? "", connected);

    /// <summary>The view of a netmap.</summary>
    public static NetworkView Create(Netmap netmap, NetworkPlan plan, string hostname)
    {
        List<(NodePublicKey, PeerStatus)> peers = [.. netmap.Peers
            .Select(peer => (peer.Key, Status: StatusOf(peer, netmap.Derp)))
            .OrderBy(static peer => peer.Status.Name, System.StringComparer.OrdinalIgnoreCase)];
        List<IPNetwork> prefixes = [.. plan.Peers.SelectMany(static peer => peer.AllowedIPs)];
        SelfStatus self = new(
            NameOf(netmap.Self.Name), hostname, plan.Addresses, plan.Identity.PublicKey.ToString(), netmap.Self.Tags ?? []);
        return new NetworkView
        {
            Self = self,
            Peers = peers,
            Names = NameTable.Create([new(self.Name, self.Addresses), .. peers.Select(static peer => new NamedNode(peer.Item2.Name, peer.Item2.Addresses))]),
            Routed = [.. prefixes.Where(PlanBuilder.IsHost).Select(static prefix => prefix.BaseAddress)],
            Subnets = [.. prefixes.Where(static prefix => !PlanBuilder.IsHost(prefix))],
            Domain = netmap.Domain ?? "",
            Relays = netmap.Derp,
        };
    }

    /// <summary>Whether a peer takes packets for the address.</summary>
    public bool Reaches(IPAddress address) => Routed.Contains(address) || Subnets.Any(subnet => subnet.Contains(address));

    static PeerStatus StatusOf(Peer peer, DerpMap? relays) => new()
    {
        Name = NameOf(peer.Name),
        HostName = peer.Hostname.Length > 0 ? peer.Hostname : peer.Label,
        Addresses = PlanBuilder.AddressesOf(peer),
        NodeKey = peer.Key.ToString(),
        Online = peer.Online,
        LastSeen = peer.Online == true ? null : peer.LastSeen,
        HomeRelay = peer.HomeDERP == 0 ? null : CodeOf(relays, peer.HomeDERP),
        OS = peer.OS,
        Tags = peer.Tags,
    };

    static string CodeOf(DerpMap? relays, int region) =>
        relays?.Regions?.GetValueOrDefault(region) is { RegionCode.Length: > 0 } known ? known.RegionCode : region.ToString(CultureInfo.InvariantCulture);

    static string NameOf(string name) => name.EndsWith('.') ? name[..^1] : name;
}
