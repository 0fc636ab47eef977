using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace MeshIoT.Policy.Addresses;

/// <summary>The ranges that a tailnet's policy language gives a meaning to. control-plane.md section 7.5 and 7.11.</summary>
internal static class KnownRanges
{
    /// <summary>What "*" as a source stands for, besides approved subnet routes: 100.64.0.0/10 without ChromeOS's 100.115.92.0/23, and the tailnet's ULA.</summary>
    public static ImmutableArray<AddressRange> Tailnet { get; } =
    [
        new(false, AddressRange.Known("100.64.0.0/32").Low, AddressRange.Known("100.115.91.255/32").Low),
        new(false, AddressRange.Known("100.115.94.0/32").Low, AddressRange.Known("100.127.255.255/32").Low),
        AddressRange.Known("fd7a:115c:a1e0::/48"),
    ];

    /// <summary>Where node addresses come from.</summary>
    public static AddressRange CarrierGrade { get; } = AddressRange.Known("100.64.0.0/10");

    /// <summary>Within it, what no pool may touch.</summary>
    public static ImmutableArray<AddressRange> Reserved { get; } = [AddressRange.Known("100.100.100.0/24"), AddressRange.Known("100.115.92.0/23")];

    /// <summary>What autogroup:internet stands for: all of IPv4 but private, shared and link-local addresses, and 2000::/3.</summary>
    public static ImmutableArray<AddressRange> Internet { get; } = WithoutPrivate();

    /// <summary>Everything, both families.</summary>
    public static ImmutableArray<AddressRange> Everything { get; } = [AddressRange.Known("0.0.0.0/0"), AddressRange.Known("::/0")];

    static ImmutableArray<AddressRange> WithoutPrivate()
    {
        List<AddressRange> ranges = [];
        System.UInt128 from = 0;
        foreach (string text in new[] { "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16" })
        {
            AddressRange hole = AddressRange.Known(text);
            ranges.Add(new(false, from, hole.Low - 1));
            from = hole.High + 1;
        }

        ranges.Add(new(false, from, uint.MaxValue));
        ranges.Add(AddressRange.Known("2000::/3"));
        return [.. ranges.Order(Comparer<AddressRange>.Create((a, b) => a.IsV6 != b.IsV6 ? a.IsV6.CompareTo(b.IsV6) : a.Low.CompareTo(b.Low)))];
    }
}
