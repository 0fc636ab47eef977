using System.Linq;
using System.Net;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Filter.Tests;

/// <summary>Which packets the rules let in. data-plane.md section 7.2, step 3.</summary>
public class RuleTests
{
    [Theory]
    [InlineData("100.64.0.1:999", "100.64.0.2:22", Verdict.Accept)]
    [InlineData("100.64.0.1:999", "100.64.0.2:23", Verdict.NoRule)]
    [InlineData("100.64.0.1:999", "192.168.7.1:22", Verdict.NoRule)]
    [InlineData("100.64.0.3:999", "100.64.0.2:22", Verdict.NoRule)]
    [InlineData("100.65.255.255:1", "100.64.0.2:8000", Verdict.Accept)]
    [InlineData("100.65.0.0:1", "192.168.7.255:8010", Verdict.Accept)]
    [InlineData("100.65.0.0:1", "100.64.0.2:8011", Verdict.NoRule)]
    [InlineData("100.65.0.0:1", "100.64.0.2:7999", Verdict.NoRule)]
    [InlineData("100.66.0.1:1", "192.168.7.9:0", Verdict.Accept)]
    [InlineData("100.66.0.9:1", "100.64.0.2:65535", Verdict.Accept)]
    [InlineData("100.66.0.10:1", "100.64.0.2:80", Verdict.NoRule)]
    [InlineData("100.66.0.0:1", "100.64.0.2:80", Verdict.NoRule)]
    [InlineData("[fd7a:115c:a1e0::9]:1", "[fd7a:115c:a1e0::2]:8005", Verdict.Accept)]
    [InlineData("[fd7a:115c:a1e0::9]:1", "[fd7a:115c:a1e0::2]:22", Verdict.NoRule)]
    [InlineData("[fd7a:115c:a1e1::9]:1", "[fd7a:115c:a1e0::2]:8005", Verdict.NoRule)]
    [InlineData("100.67.0.1:1", "100.64.0.2:80", Verdict.NoRule)]
    public void A_new_TCP_connection_or_UDP_packet_needs_a_rule_for_source_destination_and_port(string from, string to, Verdict expected)
    {
        Assert.Equal(expected, Rules.Policy().CheckIn(Packets.Tcp(from, to)));
        Assert.Equal(expected, Rules.Policy().CheckIn(Packets.Udp(from, to)));
    }

    [Theory]
    [InlineData(Packets.Syn, Verdict.NoRule)]
    [InlineData(Packets.Syn | 0xC1, Verdict.NoRule)]
    [InlineData(Packets.Syn | Packets.Ack, Verdict.Accept)]
    [InlineData(Packets.Ack, Verdict.Accept)]
    [InlineData(0x04, Verdict.Accept)]
    [InlineData(0x01, Verdict.Accept)]
    [InlineData(0x00, Verdict.Accept)]
    public void Only_a_SYN_without_ACK_opens_a_TCP_connection(byte flags, Verdict expected)
    {
        Assert.Equal(expected, Rules.Filter().CheckIn(Packets.Tcp("100.64.0.9:1", "100.64.0.2:22", flags)));
    }

    [Theory]
    [InlineData("100.64.0.1", "100.64.0.2", 8, Verdict.Accept)]
    [InlineData("100.64.0.9", "100.64.0.2", 8, Verdict.NoRule)]
    [InlineData("100.67.0.1", "100.64.0.2", 8, Verdict.Accept)]
    [InlineData("100.64.0.9", "100.64.0.2", 0, Verdict.Accept)]
    [InlineData("100.64.0.9", "100.64.0.2", 3, Verdict.Accept)]
    [InlineData("100.64.0.9", "100.64.0.2", 11, Verdict.Accept)]
    [InlineData("100.64.0.9", "100.64.0.2", 12, Verdict.Accept)]
    [InlineData("100.64.0.9", "100.64.0.2", 5, Verdict.NoRule)]
    [InlineData("fd7a:115c:a1e0::9", "fd7a:115c:a1e0::2", 128, Verdict.Accept)]
    [InlineData("fd00::9", "fd7a:115c:a1e0::2", 128, Verdict.NoRule)]
    [InlineData("fd00::9", "fd7a:115c:a1e0::2", 129, Verdict.Accept)]
    [InlineData("fd00::9", "fd7a:115c:a1e0::2", 1, Verdict.Accept)]
    [InlineData("fd00::9", "fd7a:115c:a1e0::2", 4, Verdict.Accept)]
    [InlineData("fd00::9", "fd7a:115c:a1e0::2", 133, Verdict.NoRule)]
    public void Who_may_reach_any_port_may_ping_and_answers_and_errors_always_pass(string from, string to, byte type, Verdict expected)
    {
        Assert.Equal(expected, Rules.Policy().CheckIn(Packets.Icmp(from, to, type)));
    }

    [Theory]
    [InlineData("100.67.0.1", 47, Verdict.Accept)]
    [InlineData("100.67.0.1", 50, Verdict.NoRule)]
    [InlineData("100.66.0.1", 47, Verdict.NoRule)]
    [InlineData("100.64.0.9", 99, Verdict.Accept)]
    public void Other_protocols_need_a_rule_that_lists_them_for_every_port_and_TSMP_needs_none(string from, byte protocol, Verdict expected)
    {
        Assert.Equal(expected, Rules.Policy().CheckIn(Packets.Ip(from, "100.64.0.2", protocol, new byte[20])));
    }

    [Fact]
    public void A_rule_with_ports_says_nothing_about_protocols_without_them()
    {
        PacketFilter filter = Rules.Filter(Rules.Allow(["*"], ("*", 0, 65534)).For(47));
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Ip("100.67.0.1", "100.64.0.2", 47, [])));
    }

    [Fact]
    public void A_list_of_protocols_replaces_the_four_usual_ones_and_impossible_numbers_match_nothing()
    {
        PacketFilter onlyUdp = Rules.Filter(Rules.Allow(["*"], ("*", 0, 65535)).For(17, -1, 256, int.MaxValue));
        Assert.Equal(Verdict.Accept, onlyUdp.CheckIn(Packets.Udp("1.2.3.4:1", "100.64.0.2:1")));
        Assert.Equal(Verdict.NoRule, onlyUdp.CheckIn(Packets.Tcp("1.2.3.4:1", "100.64.0.2:1")));
        PacketFilter none = Rules.Filter(Rules.Allow(["*"], ("*", 0, 65535)).For(-1));
        Assert.Equal(Verdict.NoRule, none.CheckIn(Packets.Udp("1.2.3.4:1", "100.64.0.2:1")));
    }

    [Fact]
    public void Without_rules_nothing_new_enters()
    {
        PacketFilter shieldsUp = Rules.Filter();
        Assert.Equal(Verdict.NoRule, shieldsUp.CheckIn(Packets.Tcp("100.64.0.1:1", "100.64.0.2:22")));
        Assert.Equal(Verdict.NoRule, shieldsUp.CheckIn(Packets.Udp("100.64.0.1:1", "100.64.0.2:22")));
        Assert.Equal(Verdict.NoRule, shieldsUp.CheckIn(Packets.Icmp("100.64.0.1", "100.64.0.2", 8)));
    }

    [Fact]
    public void Named_lists_count_as_one_and_null_lists_and_rules_as_nothing()
    {
        PacketFilter filter = PacketFilter.Compile(
            Rules.Named(("web", Rules.Allow(["*"], ("*", 80, 80))), ("base", Rules.Allow(["*"], ("*", 22, 22))), ("empty", null!)), Rules.Local, out int rejected);
        Assert.Equal(1, rejected);
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Tcp("1.2.3.4:1", "100.64.0.2:22")));
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Tcp("1.2.3.4:1", "100.64.0.2:80")));
    }

    [Fact]
    public void Capability_sources_match_the_nodes_that_hold_the_capability()
    {
        FilterRule rule = Rules.Allow(["cap:example.com/sensor-reader"], ("*", 80, 80));
        PacketFilter unknown = PacketFilter.Compile([rule], Rules.Local, out int rejected);
        PacketFilter known = PacketFilter.Compile([rule], Rules.Local, out _, null, name => name == "example.com/sensor-reader" ? [IPNetwork.Parse("100.64.0.5/32")] : []);
        Assert.Equal(0, rejected);
        Assert.Equal(Verdict.NoRule, unknown.CheckIn(Packets.Tcp("100.64.0.5:1", "100.64.0.2:80")));
        Assert.Equal(Verdict.Accept, known.CheckIn(Packets.Tcp("100.64.0.5:1", "100.64.0.2:80")));
        Assert.Equal(Verdict.NoRule, known.CheckIn(Packets.Tcp("100.64.0.6:1", "100.64.0.2:80")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("100.64.0.1/16")]
    [InlineData("100.64.0.0/33")]
    [InlineData("100.64.0.0/-1")]
    [InlineData("100.64.0.0/+8")]
    [InlineData("100.64.0.0/ 8")]
    [InlineData("100.64.0.0/99999999999")]
    [InlineData("100.64.0")]
    [InlineData("1684275201")]
    [InlineData("0x64400001")]
    [InlineData("0100.64.0.1")]
    [InlineData("100.64.0.9-100.64.0.1")]
    [InlineData("100.64.0.1-fd00::1")]
    [InlineData("100.64.0.1-")]
    [InlineData("-")]
    [InlineData("fd00::1/64")]
    [InlineData("fd00::/129")]
    [InlineData("[fd00::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("100.64.0.1:80")]
    [InlineData("**")]
    [InlineData("gateway.tail.example")]
    public void An_entry_that_does_not_parse_is_counted_and_left_out_while_the_rest_stands(string bad)
    {
        FilterRule rule = Rules.Allow([bad, "100.64.0.1"], (bad, 0, 65535), ("100.64.0.2", 22, 22));
        PacketFilter filter = PacketFilter.Compile([rule], Rules.Local, out int rejected);
        Assert.Equal(2, rejected);
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Tcp("100.64.0.1:1", "100.64.0.2:22")));
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Tcp("100.64.0.1:1", "100.64.0.2:23")));
    }

    [Fact]
    public void The_retired_Bits_forms_void_the_whole_list()
    {
        FilterRule all = Rules.Allow(["*"], ("*", 0, 65535));
        FilterRule sourceBits = all with { SrcBits = [32] };
        FilterRule destinationBits = all with { DstPorts = [new NetPortRange { IP = "*", Bits = 32, Ports = PortRange.Any }] };
        foreach (FilterRule retired in new[] { sourceBits, destinationBits })
        {
            PacketFilter filter = PacketFilter.Compile([all, retired, all], Rules.Local, out int rejected);
            Assert.Equal(1, rejected);
            Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Tcp("100.64.0.1:1", "100.64.0.2:22")));
        }
    }

    [Fact]
    public void Cap_grants_without_ports_and_rules_with_null_lists_open_nothing()
    {
        FilterRule[] rules = [new() { SrcIPs = ["*"], CapGrant = [new CapGrant { Dsts = ["*"] }] }, new(), new() { SrcIPs = [null!], DstPorts = [null!] }];
        PacketFilter filter = PacketFilter.Compile(rules, Rules.Local, out int rejected);
        Assert.Equal(2, rejected);
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.1:1", "100.64.0.2:22")));
    }

    [Fact]
    public void A_long_overlapping_source_list_matches_exactly_its_members()
    {
        string[] sources = [.. Enumerable.Range(0, 200).Select(i => $"100.{i % 50}.{i}.0-100.{i % 50}.{i}.9"), "100.3.0.0/16", "100.3.4.0/24", "100.3.4.5"];
        PacketFilter filter = Rules.Filter(Rules.Allow(sources, ("*", 80, 80)));
        for (int b = 0; b < 60; b++)
        {
            for (int c = 0; c < 210; c += 7)
            {
                for (int d = 0; d < 20; d++)
                {
                    bool member = b == 3 || (c < 200 && c % 50 == b && d < 10);
                    Assert.Equal(member ? Verdict.Accept : Verdict.NoRule, filter.CheckIn(Packets.Tcp($"100.{b}.{c}.{d}:1", "100.64.0.2:80")));
                }
            }
        }
    }
}
