namespace MeshIoT.Linux.Netlink;

/// <summary>RTM_NEWRULE and RTM_DELRULE: a routing rule, as far as it tells ours from others.</summary>
readonly record struct RuleMessage(uint Priority)
{
    internal static bool TryRead(NetlinkMessage message, out RuleMessage rule)
    {
        rule = default;
        if (message.Type is not (RtNetlink.NewRule or RtNetlink.DeleteRule) || message.Body.Length < RtNetlink.RuleBodySize
            || AddressMessage.FamilySize(message.Body[0]) == 0)
        {
            return false;
        }

        // A rule without a priority has the highest, 0.
        rule = new(message.AttributeU32(RtNetlink.RuleBodySize, RtNetlink.RulePriority, 0));
        return true;
    }
}
