using System;
using System.Linq;
using System.Net;
using Xunit;

namespace MeshIoT.Filter.Tests;

/// <summary>What is dropped before any rule is asked, and what fragments may do. data-plane.md section 7.2, steps 1 and 2.</summary>
public class PreCheckTests
{
    static readonly PacketFilter Open = PacketFilter.Compile([Rules.Allow(["*"], ("*", 0, 65535))], Rules.Local, out _);

    [Fact]
    public void An_empty_packet_is_a_keepalive()
    {
        Assert.Equal(Verdict.Accept, Open.CheckIn([]));
    }

    [Theory]
    [InlineData("224.0.0.251:5353", Verdict.Multicast)]
    [InlineData("239.255.255.250:1900", Verdict.Multicast)]
    [InlineData("[ff02::fb]:5353", Verdict.Multicast)]
    [InlineData("169.254.1.1:80", Verdict.LinkLocal)]
    [InlineData("[fe80::1]:80", Verdict.LinkLocal)]
    [InlineData("[febf::1]:80", Verdict.LinkLocal)]
    [InlineData("169.254.169.254:80", Verdict.NotLocal)]
    [InlineData("100.64.0.3:80", Verdict.NotLocal)]
    [InlineData("192.168.8.1:80", Verdict.NotLocal)]
    [InlineData("255.255.255.255:80", Verdict.NotLocal)]
    [InlineData("[fd7a:115c:a1e0::3]:80", Verdict.NotLocal)]
    [InlineData("192.168.7.200:80", Verdict.Accept)]
    public void Packets_for_somewhere_else_stay_out_whatever_the_rules_say(string to, Verdict expected)
    {
        string from = to.StartsWith('[') ? "[fd00::1]:1" : "100.64.0.1:1";
        Assert.Equal(expected, Open.CheckIn(Packets.Udp(from, to)));
        Assert.Equal(expected, Open.CheckIn(Packets.Tcp(from, to, Packets.Ack)));
    }

    [Fact]
    public void The_metadata_address_passes_where_a_route_to_it_is_advertised()
    {
        PacketFilter filter = PacketFilter.Compile([Rules.Allow(["*"], ("*", 0, 65535))], [IPNetwork.Parse("169.254.0.0/16")], out _);
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Udp("100.64.0.1:1", "169.254.169.254:53")));
        Assert.Equal(Verdict.LinkLocal, filter.CheckIn(Packets.Udp("100.64.0.1:1", "169.254.169.253:53")));
    }

    [Theory]
    [InlineData(6, 19)]
    [InlineData(17, 7)]
    [InlineData(132, 11)]
    [InlineData(1, 3)]
    public void A_transport_header_that_is_cut_off_is_malformed(byte protocol, int length)
    {
        Assert.Equal(Verdict.Malformed, Open.CheckIn(Packets.Ip("100.64.0.1", "100.64.0.2", protocol, new byte[length])));
        byte other = protocol == 1 ? (byte)58 : protocol;
        Assert.Equal(Verdict.Malformed, Open.CheckIn(Packets.Ip("fd00::1", "fd7a:115c:a1e0::2", other, new byte[length])));
    }

    [Fact]
    public void Headers_that_contradict_themselves_are_malformed()
    {
        byte[] packet = Packets.Udp("100.64.0.1:1", "100.64.0.2:80");
        for (int length = 1; length < packet.Length; length++)
        {
            Assert.Equal(Verdict.Malformed, Open.CheckIn(packet.AsSpan(0, length)));
        }

        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 0, 0x44)));    // header of 16 bytes
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 0, 0x4F)));    // header longer than the packet
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 0, 0x55)));    // version 5
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 3, 19)));      // total length below the header
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 3, 29)));      // total length beyond the packet
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 3, 27)));      // the length cuts the UDP header
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 9, 58)));      // ICMPv6 in IPv4
        byte[] six = Packets.Udp("[fd00::1]:1", "[fd7a:115c:a1e0::2]:80");
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(six, 5, 9)));
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(six, 5, 7)));
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(six, 6, 1)));          // ICMPv4 in IPv6
        Assert.Equal(Verdict.Malformed, Open.CheckIn(six.AsSpan(0, 39)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(43)]
    [InlineData(51)]
    [InlineData(60)]
    public void An_IPv6_extension_header_cannot_hide_what_follows(byte extension)
    {
        byte[] rest = [17, 0, 0, 0, 0, 0, 0, 0, .. new byte[8]];
        Assert.Equal(Verdict.Malformed, Open.CheckIn(Packets.Ip("fd00::1", "fd7a:115c:a1e0::2", extension, rest)));
        Assert.Equal(Verdict.Malformed, Open.CheckIn(Packets.FragmentV6("fd00::1", "fd7a:115c:a1e0::2", extension, 0, false, rest)));
    }

    [Fact]
    public void Bytes_behind_the_stated_length_are_not_the_packets()
    {
        byte[] packet = [.. Packets.Udp("100.64.0.1:1", "100.64.0.2:80"), 1, 2, 3];
        Assert.Equal(Verdict.Accept, Open.CheckIn(packet));
        Assert.Equal(Verdict.Malformed, Open.CheckIn(With(packet, 3, 24)));
    }

    [Fact]
    public void IPv4_options_are_stepped_over()
    {
        byte[] plain = Packets.Udp("100.64.0.1:1", "100.64.0.2:80");
        byte[] packet = [.. plain[..20], 1, 1, 1, 1, .. plain[20..]];
        packet[0] = 0x46;
        packet[3] = (byte)packet.Length;
        PacketFilter only80 = Rules.Filter(Rules.Allow(["*"], ("*", 80, 80)));
        Assert.Equal(Verdict.Accept, only80.CheckIn(packet));
        packet[27] = 81;
        Assert.Equal(Verdict.NoRule, only80.CheckIn(packet));
    }

    [Fact]
    public void A_first_fragment_must_show_its_whole_header_and_is_judged_like_a_packet()
    {
        PacketFilter only80 = Rules.Filter(Rules.Allow(["*"], ("*", 80, 80)));
        byte[] tiny = Packets.Tcp("100.64.0.1:1", "100.64.0.2:80");
        byte[] large = Packets.Ip("100.64.0.1", "100.64.0.2", 17, [0, 1, 0, 80, .. new byte[76]]);
        byte[] elsewhere = Packets.Ip("100.64.0.1", "100.64.0.2", 17, [0, 1, 0, 81, .. new byte[76]]);
        Assert.Equal(Verdict.BadFragment, only80.CheckIn(Packets.Fragment(tiny, 0, true)));
        Assert.Equal(Verdict.Accept, only80.CheckIn(Packets.Fragment(large, 0, true)));
        Assert.Equal(Verdict.NoRule, only80.CheckIn(Packets.Fragment(elsewhere, 0, true)));
        Assert.Equal(Verdict.BadFragment, only80.CheckIn(Packets.FragmentV6("fd00::1", "fd7a:115c:a1e0::2", 17, 0, true, new byte[79])));
        Assert.Equal(Verdict.Accept, only80.CheckIn(Packets.FragmentV6("fd00::1", "fd7a:115c:a1e0::2", 17, 0, true, [0, 1, 0, 80, .. new byte[76]])));
    }

    [Theory]
    [InlineData(1, Verdict.BadFragment)]
    [InlineData(9, Verdict.BadFragment)]
    [InlineData(10, Verdict.Accept)]
    [InlineData(8191, Verdict.Accept)]
    public void A_later_fragment_passes_when_it_cannot_touch_the_header(int blocks, Verdict expected)
    {
        PacketFilter shut = Rules.Filter();
        byte[] four = Packets.Ip("100.64.0.1", "100.64.0.2", 6, new byte[40]);
        Assert.Equal(expected, shut.CheckIn(Packets.Fragment(four, blocks, true)));
        Assert.Equal(expected, shut.CheckIn(Packets.Fragment(four, blocks, false)));
        Assert.Equal(expected, shut.CheckIn(Packets.FragmentV6("fd00::1", "fd7a:115c:a1e0::2", 6, blocks, false, new byte[40])));
    }

    [Fact]
    public void A_later_fragment_for_somewhere_else_is_dropped()
    {
        byte[] four = Packets.Ip("100.64.0.1", "100.64.0.3", 6, new byte[40]);
        Assert.Equal(Verdict.NotLocal, Open.CheckIn(Packets.Fragment(four, 100, false)));
    }

    [Fact]
    public void Every_verdict_is_counted()
    {
        PacketFilter filter = Rules.Filter();
        filter.CheckIn([1]);
        filter.CheckIn([]);
        filter.CheckIn(Packets.Udp("100.64.0.1:1", "100.64.0.2:80"));
        filter.CheckIn(Packets.Udp("100.64.0.1:1", "224.0.0.1:80"));
        Assert.Equal([1L, 1, 0, 1, 0, 0, 1], Enum.GetValues<Verdict>().Select(filter.Count));
    }

    static byte[] With(byte[] packet, int at, byte value)
    {
        byte[] copy = (byte[])packet.Clone();
        copy[at] = value;
        return copy;
    }
}
