using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using MeshIoT.Linux.Netlink;

namespace MeshIoT.Linux.Watch;

/// <summary>
/// Reads notices of the kernel and says what they may have changed. Most change nothing: wireless drivers tell of every scan, routers of
/// every lifetime, and our own tunnel of our own doing. Bytes in, an answer out.
/// </summary>
sealed class NoticeReader
{
    // A machine full of containers has some hundred; beyond, a change of flags is simply believed.
    const int MostLinks = 1024;
    const uint ShownFlags = RtNetlink.LinkUp | RtNetlink.LinkLowerUp;

    readonly Dictionary<uint, uint> flags = [];
    readonly string? ownInterface;
    uint ownIndex;

    /// <summary><paramref name="ownInterface"/>: the tunnel: what becomes of it is no news of the network, but what it loses is to be put back.</summary>
    public NoticeReader(string? ownInterface) => this.ownInterface = ownInterface;

    /// <summary>Whose changes to rules and routes are our own; 0: nobody's.</summary>
    public uint OwnPort { get; set; }

    /// <summary>What is there at the start.</summary>
    public void Know(LinkMessage link)
    {
        if (link.Name == ownInterface)
        {
            ownIndex = link.Index;
        }

        if (flags.Count < MostLinks || flags.ContainsKey(link.Index))
        {
            flags[link.Index] = link.Flags & ShownFlags;
        }
    }

    /// <summary>Reads one datagram; what is malformed in it is passed over.</summary>
    public LinkNews Read(ReadOnlySpan<byte> datagram)
    {
        LinkNews news = LinkNews.None;
        while (NetlinkMessage.TryTake(ref datagram, out NetlinkMessage message))
        {
            news |= message.Type switch
            {
                RtNetlink.NewLink => ReadLink(message),
                RtNetlink.DeleteLink => ReadGone(message),
                RtNetlink.NewAddress or RtNetlink.DeleteAddress => ReadAddress(message),
                RtNetlink.NewRoute or RtNetlink.DeleteRoute => ReadRoute(message),
                RtNetlink.DeleteRule => ReadRule(message),
                _ => LinkNews.None,
            };
        }

        return news;
    }

    LinkNews ReadLink(NetlinkMessage message)
    {
        if (!LinkMessage.TryRead(message, out LinkMessage link))
        {
            return LinkNews.None;
        }

        bool same = flags.TryGetValue(link.Index, out uint before) && before == (link.Flags & ShownFlags);
        Know(link);
        return same ? LinkNews.None : link.Index == ownIndex ? LinkNews.Disturbed : LinkNews.Network;
    }

    LinkNews ReadGone(NetlinkMessage message)
    {
        if (message.Body.Length < RtNetlink.LinkBodySize)
        {
            return LinkNews.None;
        }

        uint index = MemoryMarshal.Read<uint>(message.Body[RtNetlink.LinkIndexAt..]);
        flags.Remove(index);
        return index == ownIndex ? LinkNews.None : LinkNews.Network;
    }

    LinkNews ReadAddress(NetlinkMessage message)
    {
        if (message.Body.Length < RtNetlink.AddressBodySize)
        {
            return LinkNews.None;
        }

        bool own = MemoryMarshal.Read<uint>(message.Body[RtNetlink.AddressIndexAt..]) == ownIndex;
        return !own ? LinkNews.Network : message.Type == RtNetlink.DeleteAddress && IsByOthers(message) ? LinkNews.Disturbed : LinkNews.None;
    }

    LinkNews ReadRoute(NetlinkMessage message)
    {
        if (DefaultRouteMessage.IsDefault(message))
        {
            return message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RouteOutput, 0) == ownIndex && ownIndex != 0 ? LinkNews.None : LinkNews.Network;
        }

        bool ours = message.Body.Length >= RtNetlink.RouteBodySize
            && message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RouteTable, message.Body[RtNetlink.RouteTableAt]) == RoutingPlan.Table
            && message.AttributeU32(RtNetlink.RouteBodySize, RtNetlink.RouteOutput, 0) == ownIndex;
        return ours && message.Type == RtNetlink.DeleteRoute && IsByOthers(message) ? LinkNews.Disturbed : LinkNews.None;
    }

    LinkNews ReadRule(NetlinkMessage message) =>
        RuleMessage.TryRead(message, out RuleMessage rule) && IsByOthers(message)
        && rule.Priority is RoutingPlan.BypassMainPriority or RoutingPlan.BypassDefaultPriority or RoutingPlan.BypassEndPriority or RoutingPlan.TailnetPriority
            ? LinkNews.Disturbed : LinkNews.None;

    bool IsByOthers(NetlinkMessage message) => OwnPort == 0 || message.Port != OwnPort;
}
