using System;
using System.Collections.Generic;
using System.Text.Json;

namespace MeshIoT.Tailcfg;

/// <summary>One frame of the map stream: everything at first, then what has changed. Null = unchanged. control-plane.md section 5.3.</summary>
public sealed record MapResponse
{
    /// <summary>Nothing new, still alive; only ping, time, browser, version and dial plan are looked at.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>Something for the node to answer.</summary>
    public PingRequest? PingRequest { get; set; }

    /// <summary>Address to open in a browser, once.</summary>
    public string? PopBrowserURL { get; set; }

    /// <summary>The node itself; always in the first frame that is not a keep-alive.</summary>
    public Node? Node { get; set; }

    /// <summary>Where relays are.</summary>
    public DerpMap? DERPMap { get; set; }

    /// <summary>All peers, sorted by id, in place of those known. Never sent empty.</summary>
    public IReadOnlyList<Node>? Peers { get; set; }

    /// <summary>Peers added or replaced, by id.</summary>
    public IReadOnlyList<Node>? PeersChanged { get; set; }

    /// <summary>Peers gone, by id.</summary>
    public IReadOnlyList<long>? PeersRemoved { get; set; }

    /// <summary>Small changes of peers, applied last.</summary>
    public IReadOnlyList<PeerChange>? PeersChangedPatch { get; set; }

    /// <summary>Peer id → true: last seen now; false: not known when.</summary>
    public IReadOnlyDictionary<long, bool>? PeerSeenChange { get; set; }

    /// <summary>Peer id → online.</summary>
    public IReadOnlyDictionary<long, bool>? OnlineChange { get; set; }

    /// <summary>Names and resolvers, replaced as a whole.</summary>
    public DnsConfig? DNSConfig { get; set; }

    /// <summary>Name of the tailnet.</summary>
    public string? Domain { get; set; }

    /// <summary>The server would like to know listening services.</summary>
    public bool? CollectServices { get; set; }

    /// <summary>Packet filter in the old form; the same as <see cref="PacketFilters"/>["base"].</summary>
    public IReadOnlyList<FilterRule>? PacketFilter { get; set; }

    /// <summary>Packet filters by name; null deletes one, the name <c>*</c> with null deletes all first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FilterRule>?>? PacketFilters { get; set; }

    /// <summary>Users, merged by id.</summary>
    public IReadOnlyList<UserProfile>? UserProfiles { get; set; }

    /// <summary>Warnings in the old form; empty clears them.</summary>
    public IReadOnlyList<string>? Health { get; set; }

    /// <summary>Messages to show, by id; null deletes one, the id <c>*</c> with null deletes all first.</summary>
    public IReadOnlyDictionary<string, DisplayMessage?>? DisplayMessages { get; set; }

    /// <summary>Who may log in by SSH; replaced as a whole.</summary>
    public SshPolicy? SSHPolicy { get; set; }

    /// <summary>The server's clock.</summary>
    public DateTimeOffset? ControlTime { get; set; }

    /// <summary>Tailnet lock, raw JSON; absent = off.</summary>
    public JsonElement? TKAInfo { get; set; }

    /// <summary>Whether the node's program is current.</summary>
    public ClientVersion? ClientVersion { get; set; }

    /// <summary>Addresses to dial next time.</summary>
    public ControlDialPlan? ControlDialPlan { get; set; }

    /// <summary>Settings of the server for the client; Exit is never obeyed by ours.</summary>
    public Debug? Debug { get; set; }

    /// <summary>Session that could be resumed.</summary>
    public string? MapSessionHandle { get; set; }

    /// <summary>Sequence number within it.</summary>
    public long Seq { get; set; }
}
