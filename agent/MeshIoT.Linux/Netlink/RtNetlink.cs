namespace MeshIoT.Linux.Netlink;

/// <summary>Numbers of the rtnetlink protocol that are used here: linux/netlink.h, rtnetlink.h, if_link.h, if_addr.h, fib_rules.h.</summary>
static class RtNetlink
{
    internal const int HeaderSize = 16, AttributeHeaderSize = 4;

    // Message types.
    internal const ushort Error = 2, Done = 3, NewLink = 16, DeleteLink = 17, GetLink = 18, NewAddress = 20, DeleteAddress = 21, GetAddress = 22,
        NewRoute = 24, DeleteRoute = 25, GetRoute = 26, NewRule = 32, DeleteRule = 33, GetRule = 34;

    // Flags of a request, and the one of an answer that says the dump was torn.
    internal const ushort Request = 1, Acknowledge = 4, Replace = 0x100, Exclusive = 0x200, Create = 0x400, Dump = 0x300, DumpInterrupted = 0x10;

    // struct ifinfomsg: family u8, pad, type u16, index s32 at 4, flags u32 at 8, change u32 at 12.
    internal const int LinkBodySize = 16, LinkIndexAt = 4, LinkFlagsAt = 8, LinkChangeAt = 12;
    internal const ushort LinkName = 3, LinkMtu = 4;
    internal const uint LinkUp = 1, LinkLoopback = 8, LinkLowerUp = 0x10000;

    // struct ifaddrmsg: family, prefix length, flags, scope, index u32.
    internal const int AddressBodySize = 8, AddressPrefixAt = 1, AddressFlagsAt = 2, AddressScopeAt = 3, AddressIndexAt = 4;
    internal const ushort AddressAddress = 1, AddressLocal = 2;
    internal const byte AddressNoDad = 0x02, AddressDadFailed = 0x08, AddressDeprecated = 0x20, AddressTentative = 0x40;

    // struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, flags u32.
    internal const int RouteBodySize = 12, RoutePrefixAt = 1, RouteTableAt = 4, RouteProtocolAt = 5, RouteScopeAt = 6, RouteTypeAt = 7,
        RouteFlagsAt = 8;
    internal const ushort RouteDestination = 1, RouteOutput = 4, RouteGateway = 5, RoutePriority = 6, RoutePreferredSource = 7, RouteTable = 15;
    internal const uint RouteDead = 1, RouteLinkDown = 16;
    internal const byte RouteProtocolBoot = 3, RouteUnicast = 1, ScopeUniverse = 0, ScopeLink = 253;

    // struct fib_rule_hdr: family, dst_len, src_len, tos, table, 2 reserved, action, flags u32.
    internal const int RuleBodySize = 12, RuleTableAt = 4, RuleActionAt = 7;
    internal const ushort RulePriority = 6, RuleMark = 10, RuleTable = 15, RuleMask = 16;
    internal const byte RuleLookUp = 1, RuleUnreachable = 7;

    // Groups of notices, as bits of a bound address: rtnetlink.h, RTMGRP_* and 1 << (RTNLGRP_IPV6_RULE - 1).
    internal const uint NoticeLinks = 1, NoticeAddresses4 = 0x10, NoticeRoutes4 = 0x40, NoticeRules4 = 0x80, NoticeAddresses6 = 0x100,
        NoticeRoutes6 = 0x400, NoticeRules6 = 0x40000;

    /// <summary>Rounds up to the 4 bytes that messages and attributes are aligned to.</summary>
    internal static int Align(int length) => (length + 3) & ~3;
}
