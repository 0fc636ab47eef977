using MeshIoT.Policy.Addresses;

namespace MeshIoT.Policy.Compiler;

/// <summary>One side of a rule: the nodes and addresses that its names stand for. Rules with the same names share one.</summary>
internal sealed record AddressSpec
{
    /// <summary>Where its current source list is kept; equal for equal sides.</summary>
    public required int Index { get; init; }

    /// <summary>Selectors that stand for whole nodes: users, groups, tags, autogroups.</summary>
    public required int[] NodeSelectors { get; init; }

    /// <summary>All selectors, those of addresses and prefixes too.</summary>
    public required int[] Selectors { get; init; }

    /// <summary>Addresses and prefixes as written.</summary>
    public required AddressRange[] Ranges { get; init; }

    /// <summary>"*".</summary>
    public bool Star { get; init; }

    /// <summary>autogroup:danger-all.</summary>
    public bool Everything { get; init; }

    /// <summary>autogroup:internet.</summary>
    public bool Internet { get; init; }

    /// <summary>autogroup:self.</summary>
    public bool Self { get; init; }

    public bool MatchesNode(int[] selectors) => Star || Everything || SortedInts.Intersect(Selectors, selectors);

    public bool Overlaps(AddressRange range)
    {
        if (Star || Everything)
        {
            return true;
        }

        foreach (AddressRange own in Ranges)
        {
            if (own.Overlaps(range))
            {
                return true;
            }
        }

        return false;
    }

    public bool OverlapsAny(AddressRange[] ranges)
    {
        foreach (AddressRange range in ranges)
        {
            if (Overlaps(range))
            {
                return true;
            }
        }

        return false;
    }
}
