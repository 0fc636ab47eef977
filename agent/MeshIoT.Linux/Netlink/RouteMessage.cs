using System;
using System.Net;

namespace MeshIoT.Linux.Netlink;

/// <summary>RTM_NEWROUTE: a route. <see cref="Output"/> is 0 for one without an interface (throw, unreachable).</summary>
readonly record struct RouteMessage(uint Table, uint Output, byte Protocol, IPNetwork Destination)
{
    internal static bool TryRead(NetlinkMessage message, out RouteMessage route)
    {
        route = default;
        if (message.Type != RtNetlink.NewRoute || message.Body.Length < RtNetlink.RouteBodySize)
        {
            return false;
        }

        int size = AddressMessage.FamilySize(message.Body[0]);
        int prefixLength = message.Body[RtNetlink.RoutePrefixAt];
        ReadOnlySpan<byte> bytes = message.Attribute(RtNetlink.RouteBodySize, RtNetlink.RouteDestination);
        if (size == 0 || prefixLength > size * 8 || (!bytes.IsEmpty && bytes.Length != size))
        {
            return false;
        }

        // A default route has no destination. Host bits are cleared, IPNetwork does not take them.
        Span<byte> address = stackalloc byte[16];
        address = address[..size];
        address.Clear();
        bytes.CopyTo(address);
        for (int bit = prefixLength; bit < size * 8; bit++)
        {
            address[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        route = new(
            message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RouteTable, message.Body[RtNetlink.RouteTableAt]),
            message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RouteOutput, 0),
            message.Body[RtNetlink.RouteProtocolAt],
            new IPNetwork(new IPAddress(address), prefixLength));
        return true;
    }
}
