using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>What each member of a frame does to the netmap. control-plane.md section 5.3.</summary>
public class NetmapBuilderTests
{
    const string First = """
        {"Node":{"ID":1,"Name":"a.tail.example.","Key":"nodekey:KEY","Addresses":["100.64.0.1/32","fd7a:115c:a1e0::1/128"],"AllowedIPs":null},
        "Peers":[{"ID":2,"Name":"b.","Online":true,"HomeDERP":1,"Cap":130,"Endpoints":["192.0.2.2:1"],"LastSeen":"2026-11-23T10:00:00Z","Addresses":["100.64.0.2/32"]},
                 {"ID":3,"Name":"c.","DERP":"127.3.3.40:9","Addresses":["100.64.0.3/32"],"AllowedIPs":["100.64.0.3/32","192.168.7.0/24"]}],
        "DERPMap":{"Regions":{"1":{"RegionID":1,"RegionCode":"one"},"2":null}},"DNSConfig":{"Proxied":true},"Domain":"tail.example",
        "PacketFilters":{"base":[{"SrcIPs":["base"]}]},"UserProfiles":[{"ID":7,"LoginName":"u"}],"SSHPolicy":{"rules":[]},"Health":["h"],
        "DisplayMessages":{"m":{"Title":"t"}}}
        """;

    readonly ManualTime time = new();

    static MapResponse Read(string json) => JsonSerializer.Deserialize(json.Replace("KEY", new string('1', 64)), TailcfgJson.Default.MapResponse)!;

    NetmapBuilder Started(out Netmap netmap)
    {
        NetmapBuilder builder = new(null, time);
        netmap = builder.Apply(Read(First));
        return builder;
    }

    [Fact]
    public void The_first_frame_makes_the_netmap()
    {
        Started(out Netmap netmap);
        Assert.Equal("a.tail.example.", netmap.Self.Name);
        Assert.Equal(netmap.Self.Addresses, netmap.Self.AllowedIPs);
        Assert.Equal([2, 3], netmap.Peers.Select(p => p.ID));
        Assert.Equal(9, netmap.FindPeer(3)!.HomeDERP);
        Assert.Null(netmap.FindPeer(4));
        Assert.Equal([1], netmap.Derp!.Regions!.Keys);
        Assert.True(netmap.Dns!.Proxied);
        Assert.Equal("tail.example", netmap.Domain);
        Assert.Equal("u", netmap.Users[7].LoginName);
        Assert.Equal("t", netmap.Messages["m"].Title);
        Assert.NotNull(netmap.SshPolicy);
    }

    [Fact]
    public void What_a_frame_leaves_out_is_unchanged_and_the_old_netmap_stays_as_it_was()
    {
        NetmapBuilder builder = Started(out Netmap before);
        Netmap after = builder.Apply(Read("""{"Domain":"other.example"}"""));
        Assert.Equal("tail.example", before.Domain);
        Assert.Equal(before with { Domain = "other.example", Version = 2, Changes = after.Changes }, after);
        Assert.True(after.Changes.Others && !after.Changes.Self && after.Changes.Peers.Count == 0);
    }

    [Fact]
    public void A_keep_alive_changes_nothing() => Assert.Same(Started(out Netmap before).Apply(Read("""{"KeepAlive":true,"Domain":"x"}""")), before);

    /// <summary>Delta, then the peers as "id:name".</summary>
    [Theory]
    [InlineData("""{"Peers":[{"ID":9,"Name":"z."}],"PeersRemoved":[9],"PeersChanged":[{"ID":8}]}""", "9:z.")]
    [InlineData("""{"Peers":[]}""", "2:b. 3:c.")]
    [InlineData("""{"PeersChanged":[{"ID":2,"Name":"b2."},{"ID":4,"Name":"d."}]}""", "2:b2. 3:c. 4:d.")]
    [InlineData("""{"PeersRemoved":[2,77]}""", "3:c.")]
    [InlineData("""{"PeersRemoved":[2],"PeersChanged":[{"ID":2,"Name":"back."}]}""", "2:back. 3:c.")]
    [InlineData("""{"PeersChanged":[{"ID":0,"Name":"none."},{"ID":-4},{"ID":1,"Name":"self."},null]}""", "2:b. 3:c.")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":99,"Online":true},null]}""", "2:b. 3:c.")]
    public void Peers_are_replaced_added_and_removed(string delta, string peers)
    {
        NetmapBuilder builder = Started(out _);
        Assert.Equal(peers, string.Join(' ', builder.Apply(Read(delta)).Peers.Select(p => $"{p.ID}:{p.Name}")));
    }

    [Theory]
    [InlineData("""{"OnlineChange":{"2":false,"99":true}}""", "Online=False")]
    [InlineData("""{"PeerSeenChange":{"2":true}}""", "LastSeen=2026-11-23T12:00:00")]
    [InlineData("""{"PeerSeenChange":{"2":false}}""", "LastSeen=")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"DERPRegion":5}]}""", "HomeDERP=5")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"DERPRegion":0,"Cap":0}]}""", "HomeDERP=1 Cap=130")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"Cap":142}]}""", "Cap=142")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"Endpoints":["198.51.100.1:9"]}]}""", "Endpoint=198.51.100.1:9")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"Endpoints":null}]}""", "Endpoint=192.0.2.2:1")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"Key":"nodekey:KEY"}]}""", "Key=True")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"DiscoKey":"discokey:KEY"}]}""", "Disco=True")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"DiscoKey":"discokey:KEY","Online":false,"LastSeen":"2026-11-23T10:00:00Z"}]}""", "Disco=False Online=True")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"DiscoKey":"discokey:KEY","Online":false,"LastSeen":"2026-11-23T10:00:01Z"}]}""", "Disco=True Online=False")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"Online":false,"LastSeen":"2026-11-23T11:00:00Z","KeyExpiry":"2027-01-01T00:00:00Z"}]}""", "Online=False LastSeen=2026-11-23T11:00:00 Expiry=2027")]
    [InlineData("""{"PeersChangedPatch":[{"NodeID":2,"CapMap":{"x":null}}]}""", "Caps=1")]
    [InlineData("""{"OnlineChange":{"2":false},"PeersChangedPatch":[{"NodeID":2,"Online":true}]}""", "Online=True")]
    public void A_peer_is_changed_in_place_and_patches_come_last(string delta, string expected)
    {
        NetmapBuilder builder = Started(out _);
        Peer peer = builder.Apply(Read(delta)).FindPeer(2)!;
        string all = $" Online={peer.Online} LastSeen={peer.LastSeen?.UtcDateTime:s} HomeDERP={peer.HomeDERP} Cap={peer.Cap} Endpoint={peer.Endpoints[0]} "
            + $"Key={!peer.Key.IsZero} Disco={!peer.DiscoKey.IsZero} Expiry={peer.KeyExpiry?.Year} Caps={peer.Capabilities.Count} ";
        foreach (string part in expected.Split(' '))
        {
            Assert.Contains($" {part} ", all);
        }

        Assert.Equal("b.", peer.Name);
    }

    [Theory]
    [InlineData("""{"PacketFilters":{"more":[{"SrcIPs":["more"]}]}}""", "base more")]
    [InlineData("""{"PacketFilters":{"a":[{"SrcIPs":["a1"]},{"SrcIPs":["a2"]}]}}""", "a1 a2 base")]
    [InlineData("""{"PacketFilters":{"base":null}}""", "")]
    [InlineData("""{"PacketFilters":{"base":[]}}""", "")]
    [InlineData("""{"PacketFilters":{"*":null}}""", "")]
    [InlineData("""{"PacketFilters":{"new":[{"SrcIPs":["new"]}],"*":null}}""", "new")]
    [InlineData("""{"PacketFilter":[{"SrcIPs":["legacy"]}]}""", "legacy")]
    [InlineData("""{"PacketFilter":[]}""", "")]
    [InlineData("""{"PacketFilter":null,"PacketFilters":null}""", "base")]
    public void Filters_are_set_and_deleted_by_name_and_read_in_the_order_of_names(string delta, string sources)
    {
        NetmapBuilder builder = Started(out _);
        Assert.Equal(sources, string.Join(' ', builder.Apply(Read(delta)).PacketFilter.Select(r => r.SrcIPs![0])));
    }

    [Fact]
    public void Without_any_filter_nothing_is_allowed() => Assert.Empty(new NetmapBuilder().Apply(Read("""{"Node":{"ID":1}}""")).PacketFilter);

    [Theory]
    [InlineData("""{"DERPMap":{"Regions":null,"HomeParams":{"RegionScore":{"1":0.5}}}}""", "1")]
    [InlineData("""{"DERPMap":{"Regions":{"5":{"RegionID":5},"6":null}}}""", "5")]
    [InlineData("""{"DERPMap":{}}""", "1")]
    public void A_relay_map_without_regions_keeps_them(string delta, string regions)
    {
        NetmapBuilder builder = Started(out _);
        Assert.Equal(regions, string.Join(' ', builder.Apply(Read(delta)).Derp!.Regions!.Keys));
    }

    [Fact]
    public void Users_are_merged_names_are_replaced_messages_are_patched()
    {
        NetmapBuilder builder = Started(out _);
        Netmap netmap = builder.Apply(Read("""{"UserProfiles":[{"ID":8,"LoginName":"v"}],"DNSConfig":{},"Health":[],"DisplayMessages":{"n":{"Title":"new"},"m":null}}"""));
        Assert.Equal(["u", "v"], netmap.Users.Values.Select(u => u.LoginName));
        Assert.False(netmap.Dns!.Proxied);
        Assert.Empty(netmap.Health);
        Assert.Equal(["n"], netmap.Messages.Keys);
        Assert.Empty(builder.Apply(Read("""{"DisplayMessages":{"*":null}}""")).Messages);
    }

    [Fact]
    public void Addresses_that_are_not_single_and_prefixes_that_cannot_be_read_are_left_out_and_counted()
    {
        NetmapBuilder builder = Started(out _);
        Peer peer = builder.Apply(Read("""{"PeersChanged":[{"ID":5,"Addresses":["100.64.0.5/32","100.64.0.0/10","x","fd7a::5/128"],"AllowedIPs":["0.0.0.0/0","10.0.0.1/8","::/0",""]}]}""")).FindPeer(5)!;
        Assert.Equal(["100.64.0.5/32", "fd7a::5/128"], peer.Addresses.Select(p => p.ToString()));
        Assert.Equal(["0.0.0.0/0", "::/0"], peer.AllowedIPs.Select(p => p.ToString()));
        Assert.Equal(4, builder.Dropped);
    }

    [Fact]
    public void A_clock_offset_counts_from_a_minute_on()
    {
        NetmapBuilder builder = Started(out _);
        Assert.Equal(TimeSpan.Zero, builder.Apply(Read("""{"KeepAlive":true,"ControlTime":"2026-11-23T12:00:59Z"}""")).ClockOffset);
        Assert.Equal(TimeSpan.FromHours(1), builder.Apply(Read("""{"KeepAlive":true,"ControlTime":"2026-11-23T13:00:00Z"}""")).ClockOffset);
    }

    [Fact]
    public void A_stream_that_does_not_begin_with_this_node_or_describes_another_is_refused()
    {
        Assert.Equal(Faults.CoordinatorProtocol, Assert.Throws<FaultException>(() => new NetmapBuilder().Apply(Read("""{"Peers":[{"ID":2}]}"""))).Report.Fault);
        NodePublicKey other = NodePrivateKey.Generate(new SystemRandomSource()).PublicKey;
        Assert.Equal(Faults.CoordinatorProtocol, Assert.Throws<FaultException>(() => new NetmapBuilder(other).Apply(Read(First))).Report.Fault);
        Assert.Equal(Netmap.Empty, new NetmapBuilder().Apply(Read("""{"KeepAlive":true}""")));
    }

    [Fact]
    public void The_first_frame_of_a_real_service_makes_a_netmap()
    {
        MapResponse frame = JsonSerializer.Deserialize(File.ReadAllBytes(SharedVectors.PathOf("tailscale/map_response.json")), TailcfgJson.Default.MapResponse)!;
        NetmapBuilder builder = new();
        Netmap netmap = builder.Apply(frame);
        Assert.Equal(frame.PeersChanged!.Count, netmap.Peers.Count);
        Assert.All(netmap.Peers, peer => Assert.NotEmpty(peer.AllowedIPs));
        Assert.Equal(0, builder.Dropped);
        Assert.NotEmpty(netmap.Derp!.Regions!);
    }

    [Fact]
    public void Random_frames_give_a_netmap_or_a_fault()
    {
        Random random = new(11);
        string[] deltas = ["\"ID\":1", "\"ID\":2", "null", "100.64.0.2/32", "{\"NodeID\":2}", "[]", "\"*\"", "true", "-1", "\"Peers\""];
        for (int i = 0; i < 1500; i++)
        {
            char[] json = First.Replace("KEY", new string('1', 64)).ToCharArray();
            int at = random.Next(json.Length), length = random.Next(8);
            string text = new string(json, 0, at) + deltas[random.Next(deltas.Length)] + new string(json, Math.Min(json.Length, at + length), json.Length - Math.Min(json.Length, at + length));
            try
            {
                NetmapBuilder builder = Started(out _);
                Netmap netmap = builder.Apply(JsonSerializer.Deserialize(text, TailcfgJson.Default.MapResponse)!);
                Assert.Equal(netmap.Peers.OrderBy(p => p.ID), netmap.Peers.ToArray());
            }
            catch (JsonException)
            {
            }
        }
    }
}
