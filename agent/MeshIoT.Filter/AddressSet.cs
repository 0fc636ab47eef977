using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Filter;

/// <summary>A set of addresses as sorted ranges with gaps between them; a look-up is one binary search however long the policy's list was.</summary>
internal sealed class AddressSet
{
    readonly AddressRange[] v4, v6;

    public AddressSet(IEnumerable<AddressRange> ranges)
    {
        List<AddressRange> all = [.. ranges];
        v4 = Merge(all.Where(r => !r.IsV6));
        v6 = Merge(all.Where(r => r.IsV6));
    }

    public bool Contains(in InnerAddress address)
    {
        AddressRange[] ranges = address.IsV6 ? v6 : v4;
        int low = 0, high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (address.Value < ranges[middle].Low)
            {
                high = middle - 1;
            }
            else if (address.Value > ranges[middle].High)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    static AddressRange[] Merge(IEnumerable<AddressRange> ranges)
    {
        List<AddressRange> merged = [];
        foreach (AddressRange range in ranges.OrderBy(r => r.Low))
        {
            if (merged.Count > 0 && (range.Low <= merged[^1].High || range.Low - 1 == merged[^1].High))
            {
                merged[^1] = merged[^1] with { High = UInt128.Max(merged[^1].High, range.High) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }
}
