using System;
using System.Collections.Immutable;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Event and message: the table of control-plane.md section 7.8, one row a case.</summary>
public class PeerDiffTests
{
    static readonly SystemRandomSource Random = new();
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    static readonly NodeRecord Base = new()
    {
        Id = 7, Machine = MachinePrivateKey.Generate(Random).PublicKey, NodeKey = NodePrivateKey.Generate(Random).PublicKey, DiscoKey = Disco(), AddressIndex = 7, Label = "pi",
        Created = Now, Online = true, ShownEndpoints = ["192.0.2.1:1"], Version = 130, Hostinfo = new Hostinfo { OS = "linux", NetInfo = new NetInfo { PreferredDERP = 1 } },
    };

    static DiscoPublicKey Disco() => DiscoPrivateKey.Generate(Random).PublicKey;

    static PeerDiff Diff(Func<NodeRecord, NodeRecord> change, NodeRecord? from = null) => PeerDiff.Between(from ?? Base, [], change(from ?? Base), []);

    [Fact]
    public void Endpoints_home_relay_disco_key_expiry_and_presence_are_patches_that_say_nothing_else()
    {
        Assert.Equal(new PeerChange { NodeID = 7, DERPRegion = 2 }, Diff(n => n with { Hostinfo = new Hostinfo { OS = "linux", NetInfo = new NetInfo { PreferredDERP = 2 } } }).Patch);
        DiscoPublicKey disco = Disco();
        Assert.Equal(new PeerChange { NodeID = 7, DiscoKey = disco }, Diff(n => n with { DiscoKey = disco }).Patch);
        Assert.Equal(new PeerChange { NodeID = 7, KeyExpiry = Now }, Diff(n => n with { KeyExpiry = Now }).Patch);
        Assert.Equal(new PeerChange { NodeID = 7, Online = false, LastSeen = Now }, Diff(n => n with { Online = false, LastSeen = Now }).Patch);
        Assert.Equal(new PeerChange { NodeID = 7, Online = true }, Diff(n => n with { Online = true }, Base with { Online = false, LastSeen = Now }).Patch);
        PeerChange endpoints = Diff(n => n with { ShownEndpoints = ["192.0.2.2:2"] }).Patch!;
        Assert.Equal(["192.0.2.2:2"], endpoints.Endpoints!);
        Assert.Equal(new PeerChange { NodeID = 7 }, endpoints with { Endpoints = null });
    }

    [Fact]
    public void The_moment_of_expiry_is_a_patch_too() =>
        Assert.Equal(new PeerChange { NodeID = 7, KeyExpiry = Now }, Diff(n => n with { Expired = true }, Base with { KeyExpiry = Now }).Patch);

    [Fact]
    public void Name_owner_tags_version_key_host_facts_and_routes_are_the_whole_node()
    {
        Assert.True(Diff(n => n with { Label = "other" }).IsWhole);
        Assert.True(Diff(n => n with { UserId = 2 }).IsWhole);
        Assert.True(Diff(n => n with { Tags = ["tag:a"] }).IsWhole);
        Assert.True(Diff(n => n with { Version = 131 }).IsWhole);
        Assert.True(Diff(n => n with { NodeKey = NodePrivateKey.Generate(Random).PublicKey }).IsWhole);
        Assert.True(Diff(n => n with { Hostinfo = n.Hostinfo with { OS = "windows" } }).IsWhole);
        Assert.True(PeerDiff.Between(Base, [], Base, [IPNetwork.Parse("10.0.0.0/8")]).IsWhole);
    }

    [Fact]
    public void What_a_patch_cannot_say_is_the_whole_node()
    {
        Assert.True(Diff(n => n with { ShownEndpoints = [] }).IsWhole);
        Assert.True(Diff(n => n with { DiscoKey = Disco(), Online = false }).IsWhole);
        Assert.True(Diff(n => n with { KeyExpiry = null }, Base with { KeyExpiry = Now }).IsWhole);
        Assert.True(Diff(n => n with { KeyExpiry = Now.AddDays(9), Expired = false }, Base with { KeyExpiry = Now, Expired = true }).IsWhole);
        Assert.True(Diff(n => n with { Hostinfo = new Hostinfo { OS = "linux" } }).IsWhole);
    }

    [Fact]
    public void What_peers_do_not_see_is_nothing()
    {
        Assert.True(Diff(n => n with { LastSeen = Now }).IsNothing);
        Assert.True(Diff(n => n with { Endpoints = ["192.0.2.9:9"] }).IsNothing);
        Assert.True(Diff(n => n with { Mapped = true, AuthKeyId = 4, PreviousNodeKey = n.NodeKey }).IsNothing);
        Assert.True(Diff(n => n with { Hostinfo = n.Hostinfo with { NetInfo = n.Hostinfo.NetInfo! with { LinkType = "wifi" }, BackendLogID = "x" } }).IsNothing);
    }

    [Fact]
    public void A_nat_mapping_that_changes_all_the_time_is_stored_and_told_once_a_minute()
    {
        NodeRecord node = Told(Base with { ShownEndpoints = [], Endpoints = [] }, Now, "192.168.1.5:41641", "203.0.113.1:1000");
        Assert.Equal(2, node.ShownEndpoints.Length);
        NodeRecord churned = Told(node, Now.AddSeconds(5), "192.168.1.5:41641", "203.0.113.1:2000");
        Assert.Equal("203.0.113.1:2000", churned.Endpoints[1]);
        Assert.Equal("203.0.113.1:1000", churned.ShownEndpoints[1]);
        Assert.Equal("203.0.113.1:3000", Told(churned, Now.AddSeconds(61), "192.168.1.5:41641", "203.0.113.1:3000").ShownEndpoints[1]);

        // Another network is told at once.
        Assert.Equal("10.0.0.9:41641", Told(churned, Now.AddSeconds(6), "10.0.0.9:41641", "198.51.100.1:5").ShownEndpoints[0]);

    }

    [Fact]
    public void The_first_nat_mapping_of_a_node_is_told_at_once()
    {
        NodeRecord started = Told(Base with { ShownEndpoints = [], Endpoints = [] }, Now, "192.168.1.5:41641");
        NodeRecord checkedIts = Told(started, Now.AddSeconds(1), "192.168.1.5:41641", "203.0.113.1:1000");
        Assert.Equal(["192.168.1.5:41641", "203.0.113.1:1000"], checkedIts.ShownEndpoints);
    }

    static NodeRecord Told(NodeRecord node, DateTimeOffset at, params string[] localAndMapped)
    {
        ImmutableArray<string> endpoints = [.. localAndMapped];
        NodeReport report = new(node.Version, default, null, endpoints, NodeReport.MappedOnes(endpoints, [(int)EndpointType.Local, (int)EndpointType.Stun]));
        return report.ApplyTo(node, new Tailnet(), at).Node;
    }
}
