using System;
using System.Collections.Generic;
using CsCheck;
using MeshIoT.Linux.Netlink;
using Xunit;

namespace MeshIoT.Linux.Tests;

public class NetlinkMessageTests
{
    // Walks everything that the readers would; returns how many messages there were.
    static int Walk(ReadOnlySpan<byte> datagram)
    {
        int count = 0;
        while (NetlinkMessage.TryTake(ref datagram, out NetlinkMessage message))
        {
            count++;
            LinkMessage.TryRead(message, out _);
            AddressMessage.TryRead(message, out _);
            RouteMessage.TryRead(message, out _);
        }

        return count;
    }

    static byte[] Valid()
    {
        List<byte> bytes = [];
        NetlinkRequest link = new(RtNetlink.NewLink, 0, RtNetlink.LinkBodySize);
        bytes.AddRange(link.Add(RtNetlink.LinkName, "meshiot0\0"u8).Finish(1));
        bytes.AddRange(new byte[RtNetlink.Align(bytes.Count) - bytes.Count]);
        NetlinkRequest address = new(RtNetlink.NewAddress, 0, RtNetlink.AddressBodySize);
        address.Body[0] = Libc.AF_INET;
        address.Body[RtNetlink.AddressPrefixAt] = 32;
        bytes.AddRange(address.Add(RtNetlink.AddressLocal, [100, 64, 0, 1]).Finish(2));
        NetlinkRequest route = new(RtNetlink.NewRoute, 0, RtNetlink.RouteBodySize);
        route.Body[0] = Libc.AF_INET6;
        route.Body[RtNetlink.RoutePrefixAt] = 48;
        bytes.AddRange(route.Add(RtNetlink.RouteDestination, new byte[16]).Add(RtNetlink.RouteTable, 52).Finish(3));
        return [.. bytes];
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        ReadOnlySpan<byte> rest = Valid();
        Assert.True(NetlinkMessage.TryTake(ref rest, out NetlinkMessage message));
        Assert.True(LinkMessage.TryRead(message, out LinkMessage link));
        Assert.Equal("meshiot0", link.Name);
        Assert.True(NetlinkMessage.TryTake(ref rest, out message));
        Assert.True(AddressMessage.TryRead(message, out AddressMessage address));
        Assert.Equal("100.64.0.1/32", $"{address.Address}/{address.PrefixLength}");
        Assert.True(NetlinkMessage.TryTake(ref rest, out message));
        Assert.True(RouteMessage.TryRead(message, out RouteMessage route));
        Assert.Equal((52u, "::/48"), (route.Table, route.Destination.ToString()));
        Assert.False(NetlinkMessage.TryTake(ref rest, out _));
    }

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 300].Sample(bytes => Walk(bytes) >= 0, seed: "0000KOkz5B_5", iter: 3000);

    [Fact]
    public void A_flipped_bit_or_a_cut_never_throws()
    {
        byte[] valid = Valid();
        for (int bit = 0; bit < valid.Length * 8; bit++)
        {
            byte[] flipped = (byte[])valid.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Walk(flipped);
            Walk(flipped.AsSpan(0, bit / 8));
        }
    }
}
