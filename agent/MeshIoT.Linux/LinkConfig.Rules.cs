using MeshIoT.Linux.Netlink;

namespace MeshIoT.Linux;

/// <content>
/// The rules that send packets to the tailnet's table, and our own datagrams round it. They belong to nobody in particular:
/// every interface with routes in the table needs the same four, so they go when the table is empty, not when one user stops.
/// </content>
public sealed partial class LinkConfig
{
    static readonly (int Priority, bool MarkedOnly, int Table)[] Rules =
    [
        (RoutingPlan.BypassMainPriority, true, RoutingPlan.MainTable),
        (RoutingPlan.BypassDefaultPriority, true, RoutingPlan.DefaultTable),
        (RoutingPlan.BypassEndPriority, true, 0),
        (RoutingPlan.TailnetPriority, false, RoutingPlan.Table),
    ];

    bool rulesAdded;

    /// <summary>
    /// Adds the rules 5210, 5230, 5250 and 5270 for IPv4 and IPv6 where they are missing. A kernel without policy routing gets
    /// the routes in its main table instead (<see cref="HasPolicyRouting"/>): call this before the first route.
    /// </summary>
    public void AddRules()
    {
        foreach (byte family in (byte[])[Libc.AF_INET, Libc.AF_INET6])
        {
            foreach ((int priority, bool markedOnly, int target) in Rules)
            {
                int errno = ChangeRule(netlink, family, priority, markedOnly, target, add: true);
                if (RefusesRules(errno))
                {
                    if (family == Libc.AF_INET)
                    {
                        HasPolicyRouting = false;
                        table = RoutingPlan.MainTable;
                    }

                    break;
                }

                Check($"add rule {priority}", errno == Errno.EEXIST ? 0 : errno);
                rulesAdded = true;
            }
        }
    }

    /// <summary>False when the kernel has no policy routing, so that routes go to the main table.</summary>
    public bool HasPolicyRouting { get; private set; } = true;

    /// <summary>
    /// Removes the rules that a crashed run left behind, if no interface has a route in the table any more.
    /// (Its interface, addresses and routes went with the process.)
    /// </summary>
    public static void RemoveStale()
    {
        using NetlinkSocket netlink = new();
        RemoveRulesIfUnused(netlink);
    }

    static void RemoveRulesIfUnused(NetlinkSocket netlink)
    {
        bool used = false;
        int errno = ListTable(netlink, RoutingPlan.Table, _ => used = true);
        if (used || errno != 0)
        {
            return;
        }

        foreach (byte family in (byte[])[Libc.AF_INET, Libc.AF_INET6])
        {
            foreach ((int priority, bool markedOnly, int target) in Rules)
            {
                ChangeRule(netlink, family, priority, markedOnly, target, add: false);
            }
        }
    }

    static int ChangeRule(NetlinkSocket netlink, byte family, int priority, bool markedOnly, int target, bool add)
    {
        NetlinkRequest request = add
            ? new(RtNetlink.NewRule, RtNetlink.Acknowledge | RtNetlink.Create | RtNetlink.Exclusive, RtNetlink.RuleBodySize)
            : new(RtNetlink.DeleteRule, RtNetlink.Acknowledge, RtNetlink.RuleBodySize);
        request.Body[0] = family;
        request.Body[RtNetlink.RuleTableAt] = (byte)target;
        request.Body[RtNetlink.RuleActionAt] = target != 0 ? RtNetlink.RuleLookUp : RtNetlink.RuleUnreachable;
        request.Add(RtNetlink.RulePriority, (uint)priority);
        if (markedOnly)
        {
            request.Add(RtNetlink.RuleMark, RoutingPlan.BypassMark).Add(RtNetlink.RuleMask, RoutingPlan.BypassMask);
        }

        if (target != 0)
        {
            request.Add(RtNetlink.RuleTable, (uint)target);
        }

        return netlink.Change(request);
    }

    static bool RefusesRules(int errno) => errno is Errno.EOPNOTSUPP or Errno.EAFNOSUPPORT or Errno.EPROTONOSUPPORT;
}
