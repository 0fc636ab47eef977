using System;
using System.Runtime.InteropServices;
using CsCheck;
using MeshIoT.Linux.Netlink;
using MeshIoT.Linux.Watch;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>Which notices of the kernel are news.</summary>
public class NoticeReaderTests
{
    const uint Tunnel = 9, Lan = 2, UpAndRunning = RtNetlink.LinkUp | RtNetlink.LinkLowerUp;

    static NoticeReader Reader()
    {
        NoticeReader reader = new("meshiot0") { OwnPort = 4711 };
        reader.Know(new LinkMessage(Tunnel, UpAndRunning, "meshiot0"));
        reader.Know(new LinkMessage(Lan, UpAndRunning, "eth0"));
        return reader;
    }

    static byte[] Link(ushort type, uint index, uint flags, string name)
    {
        NetlinkRequest notice = new(type, 0, RtNetlink.LinkBodySize);
        notice.SetBody(RtNetlink.LinkIndexAt, index);
        notice.SetBody(RtNetlink.LinkFlagsAt, flags);
        return Bytes(notice.Add(RtNetlink.LinkName, System.Text.Encoding.ASCII.GetBytes(name + "\0")));
    }

    static byte[] Address(ushort type, uint index, uint port = 0)
    {
        NetlinkRequest notice = new(type, 0, RtNetlink.AddressBodySize);
        notice.Body[0] = Libc.AF_INET;
        notice.Body[RtNetlink.AddressPrefixAt] = 24;
        notice.SetBody(RtNetlink.AddressIndexAt, index);
        return Bytes(notice.Add(RtNetlink.AddressLocal, [192, 168, 1, 20]), port);
    }

    static byte[] Route(ushort type, uint output, int table, byte prefix, uint port)
    {
        NetlinkRequest notice = new(type, 0, RtNetlink.RouteBodySize);
        notice.Body[0] = Libc.AF_INET;
        notice.Body[RtNetlink.RoutePrefixAt] = prefix;
        notice.Body[RtNetlink.RouteTableAt] = (byte)table;
        notice.Body[RtNetlink.RouteTypeAt] = RtNetlink.RouteUnicast;
        return Bytes(notice.Add(RtNetlink.RouteOutput, output), port);
    }

    static byte[] Rule(ushort type, uint priority, uint port)
    {
        NetlinkRequest notice = new(type, 0, RtNetlink.RuleBodySize);
        notice.Body[0] = Libc.AF_INET6;
        return Bytes(notice.Add(RtNetlink.RulePriority, priority), port);
    }

    static byte[] Bytes(NetlinkRequest notice, uint port = 0)
    {
        byte[] bytes = notice.Finish(0).ToArray();
        MemoryMarshal.Write(bytes.AsSpan(12), port);
        return bytes;
    }

    [Fact]
    public void A_link_is_news_when_its_carrier_or_its_being_up_changes()
    {
        NoticeReader reader = Reader();
        Assert.Equal(LinkNews.None, reader.Read(Link(RtNetlink.NewLink, Lan, UpAndRunning, "eth0")));
        Assert.Equal(LinkNews.Network, reader.Read(Link(RtNetlink.NewLink, Lan, RtNetlink.LinkUp, "eth0")));
        Assert.Equal(LinkNews.None, reader.Read(Link(RtNetlink.NewLink, Lan, RtNetlink.LinkUp, "eth0")));
        Assert.Equal(LinkNews.Network, reader.Read(Link(RtNetlink.NewLink, Lan, UpAndRunning, "eth0")));
        Assert.Equal(LinkNews.Network, reader.Read(Link(RtNetlink.DeleteLink, Lan, 0, "eth0")));
        Assert.Equal(LinkNews.Network, reader.Read(Link(RtNetlink.NewLink, 11, 0, "wwan0")));
    }

    [Fact]
    public void The_own_tunnel_is_no_news()
    {
        NoticeReader reader = Reader();
        Assert.Equal(LinkNews.None, reader.Read(Link(RtNetlink.NewLink, Tunnel, UpAndRunning, "meshiot0")));
        Assert.Equal(LinkNews.None, reader.Read(Address(RtNetlink.NewAddress, Tunnel)));
        Assert.Equal(LinkNews.None, reader.Read(Route(RtNetlink.NewRoute, Tunnel, RoutingPlan.MainTable, 0, 0)));
        Assert.Equal(LinkNews.Network, reader.Read(Address(RtNetlink.DeleteAddress, Lan)));
        Assert.Equal(LinkNews.None, reader.Read(Link(RtNetlink.DeleteLink, Tunnel, 0, "meshiot0")));
        Assert.Equal(LinkNews.Disturbed, reader.Read(Link(RtNetlink.NewLink, 12, 0, "meshiot0")));
        Assert.Equal(LinkNews.None, reader.Read(Address(RtNetlink.NewAddress, 12)));
    }

    [Fact]
    public void What_the_own_tunnel_loses_is_a_disturbance()
    {
        // A link that goes down loses its routes and IPv6 addresses, and nobody says so when it is up again.
        NoticeReader reader = Reader();
        Assert.Equal(LinkNews.Disturbed, reader.Read(Link(RtNetlink.NewLink, Tunnel, 0, "meshiot0")));
        Assert.Equal(LinkNews.Disturbed, reader.Read(Link(RtNetlink.NewLink, Tunnel, UpAndRunning, "meshiot0")));
        Assert.Equal(LinkNews.Disturbed, reader.Read(Address(RtNetlink.DeleteAddress, Tunnel, port: 99)));
        Assert.Equal(LinkNews.None, reader.Read(Address(RtNetlink.DeleteAddress, Tunnel, port: 4711)));
    }

    [Fact]
    public void A_route_is_news_when_it_leads_everywhere()
    {
        NoticeReader reader = Reader();
        Assert.Equal(LinkNews.Network, reader.Read(Route(RtNetlink.NewRoute, Lan, RoutingPlan.MainTable, 0, 0)));
        Assert.Equal(LinkNews.Network, reader.Read(Route(RtNetlink.DeleteRoute, Lan, RoutingPlan.MainTable, 0, 0)));
        Assert.Equal(LinkNews.None, reader.Read(Route(RtNetlink.NewRoute, Lan, RoutingPlan.MainTable, 24, 0)));
        Assert.Equal(LinkNews.None, reader.Read(Route(RtNetlink.NewRoute, Lan, 77, 0, 0)));
    }

    [Fact]
    public void Rules_and_routes_of_the_tailnet_that_others_remove_are_a_disturbance()
    {
        NoticeReader reader = Reader();
        Assert.Equal(LinkNews.Disturbed, reader.Read(Rule(RtNetlink.DeleteRule, 5270, 99)));
        Assert.Equal(LinkNews.None, reader.Read(Rule(RtNetlink.DeleteRule, 5270, 4711)));
        Assert.Equal(LinkNews.None, reader.Read(Rule(RtNetlink.DeleteRule, 5271, 99)));
        Assert.Equal(LinkNews.None, reader.Read(Rule(RtNetlink.NewRule, 5270, 99)));
        Assert.Equal(LinkNews.Disturbed, reader.Read(Route(RtNetlink.DeleteRoute, Tunnel, RoutingPlan.Table, 32, 99)));
        Assert.Equal(LinkNews.None, reader.Read(Route(RtNetlink.DeleteRoute, Tunnel, RoutingPlan.Table, 32, 4711)));
        Assert.Equal(LinkNews.None, reader.Read(Route(RtNetlink.DeleteRoute, Lan, RoutingPlan.Table, 32, 99)));
    }

    [Fact]
    public void Random_bytes_and_flipped_bits_never_throw()
    {
        NoticeReader reader = Reader();
        Gen.Byte.Array[0, 200].Sample(bytes => reader.Read(bytes) >= 0, iter: 3000);
        foreach (byte[] valid in new[] { Link(16, 3, 1, "eth1"), Address(20, 3), Route(24, 3, 254, 0, 0), Rule(33, 5270, 1) })
        {
            for (int bit = 0; bit < valid.Length * 8; bit++)
            {
                byte[] flipped = (byte[])valid.Clone();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                reader.Read(flipped);
                reader.Read(valid.AsSpan(0, bit / 8));
            }
        }
    }

    [Fact]
    public void A_machine_that_makes_interfaces_without_end_does_not_make_us_remember_them()
    {
        NoticeReader reader = Reader();
        for (uint index = 100; index < 20_000; index++)
        {
            Assert.Equal(LinkNews.Network, reader.Read(Link(RtNetlink.NewLink, index, 1, "veth" + index)));
        }

        Assert.Equal(LinkNews.Network, reader.Read(Link(RtNetlink.NewLink, 19_999, 1, "veth19999")));
    }
}
