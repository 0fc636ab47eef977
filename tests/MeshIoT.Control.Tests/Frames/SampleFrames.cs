using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CsCheck;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control.Tests;

/// <summary>Map frames as a coordinator sends them.</summary>
internal static class SampleFrames
{
    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Frames with any of the members, peers of any kind.</summary>
    public static Gen<MapResponse> Any => Gen.Select(
        PeerGen.Array[0, 60], PeerGen.Array[0, 20], Gen.Long[1, 99].Array[0, 9], Gen.String[0, 40], Gen.Int[0, 255],
        (peers, changed, removed, text, with) => Everything() with
        {
            Peers = (with & 1) != 0 ? peers : null,
            PeersChanged = (with & 2) != 0 ? changed : null,
            PeersRemoved = (with & 4) != 0 ? removed : null,
            PacketFilters = (with & 8) != 0 ? Everything().PacketFilters : null,
            UserProfiles = (with & 16) != 0 ? [.. removed.Select(id => new UserProfile { ID = id, LoginName = text })] : null,
            Domain = (with & 32) != 0 ? text : null,
            DERPMap = (with & 64) != 0 ? Everything().DERPMap : null,
            Health = (with & 128) != 0 ? [text, text] : null,
        });

    static Gen<Node> PeerGen => Gen.Select(Gen.Long[1, 1L << 55], Gen.String[0, 30], Gen.Int[0, 255], Gen.Byte.Array[32, 32], Gen.Int[0, 5], (id, text, with, key, count) => new Node
    {
        ID = id,
        StableID = "n" + id,
        Name = $"{text}.tail.example.",
        Key = NodePublicKey.FromBytes(key),
        DiscoKey = DiscoPublicKey.FromBytes(key),
        User = with,
        Addresses = [$"100.64.{with}.{count}/32", $"fd7a:115c:a1e0::{with:x}/128"],
        AllowedIPs = (with & 1) != 0 ? null : [$"100.64.{with}.{count}/32", $"10.{count}.0.0/16"],
        Endpoints = [.. Enumerable.Range(1, count).Select(n => n % 2 == 0 ? $"[2001:db8::{n}]:{n}" : $"192.0.2.{n}:41641")],
        HomeDERP = count,
        Cap = 130,
        Hostinfo = (with & 2) != 0 ? new Hostinfo { OS = "linux", Hostname = text, Services = [new Service { Proto = "peerapi4", Port = 7 }] } : null,
        Tags = (with & 4) != 0 ? ["tag:a", "tag:b"] : null,
        CapMap = (with & 8) != 0 ? new Dictionary<string, IReadOnlyList<JsonElement>?> { ["b"] = null, ["a"] = [] } : null,
        Online = (with & 16) != 0 ? true : (with & 32) != 0 ? false : null,
        LastSeen = (with & 32) != 0 ? Noon.AddTicks(count) : null,
        KeyExpiry = (with & 64) != 0 ? Noon.AddDays(count) : null,
        Expired = (with & 128) != 0,
    });

    /// <summary>A frame that has every member that a node knows.</summary>
    public static MapResponse Everything() => new()
    {
        Node = new Node { ID = 1, StableID = "n1", Name = "self.tail.example.", Addresses = ["100.64.0.1/32"], MachineAuthorized = true },
        PingRequest = new PingRequest { URL = "https://unused/x", Payload = [1, 2] },
        PopBrowserURL = "https://example/",
        DERPMap = new DerpMap { Regions = new Dictionary<int, DerpRegion?> { [1] = new DerpRegion { RegionID = 1, RegionCode = "one" } } },
        PeersChanged = [new Node { ID = 2, Name = "b.tail.example.", Addresses = ["100.64.0.2/32"], Endpoints = ["192.0.2.1:1"] }],
        PeersRemoved = [3],
        PeersChangedPatch = [new PeerChange { NodeID = 2, Online = true }],
        PeerSeenChange = new Dictionary<long, bool> { [2] = true },
        OnlineChange = new Dictionary<long, bool> { [2] = false },
        DNSConfig = new DnsConfig { Proxied = true, Domains = ["tail.example"] },
        Domain = "tail.example",
        CollectServices = true,
        PacketFilter = [new FilterRule { SrcIPs = ["*"] }],
        PacketFilters = new Dictionary<string, IReadOnlyList<FilterRule>?> { ["base"] = [new FilterRule { SrcIPs = ["a"] }, new FilterRule { SrcIPs = ["b"] }], ["gone"] = null },
        UserProfiles = [new UserProfile { ID = 7, LoginName = "u+ü@example" }],
        Health = ["h"],
        DisplayMessages = new Dictionary<string, DisplayMessage?> { ["m"] = new DisplayMessage { Title = "t" } },
        SSHPolicy = new SshPolicy { Rules = [new SshRule { Principals = [new SshPrincipal { Any = true }], SshUsers = new Dictionary<string, string> { ["*"] = "=" }, Action = new SshAction { Accept = true } }] },
        ControlTime = Noon,
        ClientVersion = new ClientVersion { RunningLatest = true },
        ControlDialPlan = new ControlDialPlan { Candidates = [new ControlIPCandidate { IP = "192.0.2.9" }] },
        Debug = new Debug { DisableLogTail = true },
    };

    /// <summary>True if both say the same.</summary>
    public static bool Same(MapFrame a, MapFrame b) => Text(a.Rest) == Text(b.Rest) && a.Dropped == b.Dropped && Same(a.Peers, b.Peers) && Same(a.PeersChanged, b.PeersChanged);

    static bool Same(IReadOnlyList<Peer>? a, IReadOnlyList<Peer>? b) => a is null == b is null && (a ?? []).SequenceEqual(b ?? []);

    static string Text(MapResponse rest) => JsonSerializer.Serialize(rest, TailcfgJson.Default.MapResponse);
}
