using System;
using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Linux.Netlink;
using MeshIoT.Linux.Watch;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What the kernel says of links, addresses, routes and rules. Not hostile, but of every age and patch.</summary>
sealed class NetlinkInput : FuzzTarget
{
    readonly NoticeReader reader = new("meshiot0") { OwnPort = 4711 };

    public override string Name => "netlink";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return new NetlinkRequest(RtNetlink.NewLink, 0, RtNetlink.LinkBodySize).Add(RtNetlink.LinkName, "meshiot0\0"u8).Finish(1).ToArray();
            yield return new NetlinkRequest(RtNetlink.NewAddress, 0, RtNetlink.AddressBodySize).Add(RtNetlink.AddressLocal, [100, 64, 0, 1]).Finish(2).ToArray();
            yield return new NetlinkRequest(RtNetlink.NewRoute, 0, RtNetlink.RouteBodySize).Add(RtNetlink.RouteDestination, new byte[16]).Add(RtNetlink.RouteTable, 52).Finish(3).ToArray();
        }
    }

    public override void Run(byte[] input)
    {
        reader.Read(input);
        ReadOnlySpan<byte> rest = input;
        while (NetlinkMessage.TryTake(ref rest, out NetlinkMessage message))
        {
            LinkMessage.TryRead(message, out _);
            AddressMessage.TryRead(message, out _);
            RouteMessage.TryRead(message, out _);
        }
    }
}
