using System;
using System.Globalization;
using System.Net;

namespace MeshIoT.Filter;

/// <summary>Addresses of one family from Low to High, both included.</summary>
internal readonly record struct AddressRange(bool IsV6, UInt128 Low, UInt128 High)
{
    public static readonly AddressRange AllV4 = new(false, 0, uint.MaxValue), AllV6 = new(true, 0, UInt128.MaxValue);

    public bool Contains(in InnerAddress address) => address.IsV6 == IsV6 && address.Value >= Low && address.Value <= High;

    public static AddressRange From(IPNetwork network)
    {
        InnerAddress first = InnerAddress.From(network.BaseAddress);
        return Prefix(first, network.PrefixLength);
    }

    /// <summary>An address, a prefix whose host bits are zero, or a range a-b of one family. data-plane.md section 7.1; "*" is the caller's.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressRange range)
    {
        range = default;
        int slash = text.IndexOf('/'), dash = text.IndexOf('-');
        if (slash >= 0)
        {
            if (!InnerAddress.TryParse(text[..slash], out InnerAddress network)
                || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || length > network.Bits)
            {
                return false;
            }

            range = Prefix(network, length);
            return range.Low == network.Value;
        }

        InnerAddress low, high;
        if (dash >= 0)
        {
            if (!InnerAddress.TryParse(text[..dash], out low) || !InnerAddress.TryParse(text[(dash + 1)..], out high))
            {
                return false;
            }
        }
        else if (InnerAddress.TryParse(text, out low))
        {
            high = low;
        }
        else
        {
            return false;
        }

        range = new(low.IsV6, low.Value, high.Value);
        return low.IsV6 == high.IsV6 && low.Value <= high.Value;
    }

    static AddressRange Prefix(InnerAddress network, int length)
    {
        // A shift by the full width would be a shift by nothing.
        int hostBits = network.Bits - length;
        UInt128 host = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        return new(network.IsV6, network.Value & ~host, network.Value | host);
    }
}
