using System;
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

/// <summary>
/// A netmap in the words of the public API. Immutable; replaced as a whole. With each change of a netmap there is another one, so whatever costs
/// time or memory for each peer is made when it is asked for.
/// </summary>
internal sealed class NetworkView
{
    readonly PeerTable peers;
    readonly Lazy<NameTable> names;

    NetworkView(SelfStatus self, PeerTable peers, NetworkPlan? plan, string domain, DerpMap? relays)
    {
        Self = self;
        Domain = domain;
        this.peers = peers;
        Plan = plan;
        Relays = relays;
        names = new Lazy<NameTable>(() => NameTable.Create(new NamedNode(self.Name, self.Addresses), peers));
    }

    /// <summary>Before the first netmap.</summary>
    public static NetworkView None { get; } = new(new SelfStatus("", "", [], "", []), PeerTable.Empty, null, "", null);

    /// <summary>What the engine was told; null: nothing yet.</summary>
    public NetworkPlan? Plan { get; }

    /// <summary>This node.</summary>
    public SelfStatus Self { get; }

    /// <summary>Names of this node and the peers.</summary>
    public NameTable Names => names.Value;

    /// <summary>The tailnet's name.</summary>
    public string Domain { get; }

    /// <summary>The relays that the netmap lists; null: none.</summary>
    public DerpMap? Relays { get; }

    /// <summary>The code of a relay region, or its number.</summary>
    public string RelayCode(int region) => CodeOf(Relays, region);

    /// <summary>A relay region in the words of the public API; null for none (0).</summary>
    public RelayStatus? Relay(int region, bool? connected) =>
        region == 0 ? null : new RelayStatus(region, RelayCode(region), Relays?.Regions?.GetValueOrDefault(region)?.RegionName ?? "", connected);

    /// <summary>The view of a netmap.</summary>
    public static NetworkView Create(Netmap netmap, NetworkPlan plan, string hostname) => new(
        new SelfStatus(NameOf(netmap.Self.Name), hostname, plan.Addresses, plan.Identity.PublicKey.ToString(), netmap.Self.Tags ?? []),
        netmap.Peers,
        plan,
        netmap.Domain ?? "",
        netmap.Derp);

    /// <summary>The peers, sorted by name, without what the engine counts. Made anew with each call.</summary>
    public IReadOnlyList<(NodePublicKey Key, PeerStatus Status)> DescribePeers() => [.. peers
        .Select(peer => (peer.Key, Status: StatusOf(peer, Relays)))
        .OrderBy(static peer => peer.Status.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether a peer takes packets for the address.</summary>
    public bool Reaches(IPAddress address) =>
        Plan is not null && Plan.Peers.Any(plan => plan.AllowedIPs.Any(prefix => prefix.Contains(address)));

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
