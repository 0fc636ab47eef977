using System;
using System.Net;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Netlink;

/// <summary>RTM_NEWROUTE of a route to everywhere, in a table that ordinary packets use, whose interface works.</summary>
readonly record struct DefaultRouteMessage(byte Family, uint Output, IPAddress? Gateway, IPAddress? Source, uint Priority)
{
    internal static bool TryRead(NetlinkMessage message, out DefaultRouteMessage route)
    {
        route = default;
        if (message.Type != RtNetlink.NewRoute || !IsDefault(message)
            || message.Body[RtNetlink.RouteTypeAt] != RtNetlink.RouteUnicast
            || (MemoryMarshal.Read<uint>(message.Body[RtNetlink.RouteFlagsAt..]) & (RtNetlink.RouteDead | RtNetlink.RouteLinkDown)) != 0)
        {
            return false;
        }

        int size = AddressMessage.FamilySize(message.Body[0]);
        route = new(
            message.Body[0],
            message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RouteOutput, 0),
            Address(message.Attribute(RtNetlink.RouteBodySize, RtNetlink.RouteGateway), size),
            Address(message.Attribute(RtNetlink.RouteBodySize, RtNetlink.RoutePreferredSource), size),
            message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RoutePriority, 0));
        return route.Output != 0;
    }

    /// <summary>Whether a message is about a route to everywhere, in the main or the default table.</summary>
    internal static bool IsDefault(NetlinkMessage message)
    {
        if (message.Body.Length < RtNetlink.RouteBodySize || AddressMessage.FamilySize(message.Body[0]) == 0 || message.Body[RtNetlink.RoutePrefixAt] != 0)
        {
            return false;
        }

        uint table = message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RouteTable, message.Body[RtNetlink.RouteTableAt]);
        return table is RoutingPlan.MainTable or RoutingPlan.DefaultTable;
    }

    static IPAddress? Address(ReadOnlySpan<byte> bytes, int size) => bytes.Length == size ? new IPAddress(bytes) : null;
}
