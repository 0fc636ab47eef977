using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.Policy.Addresses;

/// <summary>Addresses of one family from Low to High, both included.</summary>
internal readonly record struct AddressRange(bool IsV6, UInt128 Low, UInt128 High)
{
    public bool IsSingle => Low == High;

    public bool IsEverything => Low == 0 && High == (IsV6 ? UInt128.MaxValue : uint.MaxValue);

    public bool Contains(in AddressRange other) => IsV6 == other.IsV6 && Low <= other.Low && other.High <= High;

    public bool Overlaps(in AddressRange other) => IsV6 == other.IsV6 && Low <= other.High && other.Low <= High;

    public static AddressRange Of(IPAddress address)
    {
        UInt128 value = Value(address, out bool isV6);
        return new(isV6, value, value);
    }

    public static AddressRange Of(IPNetwork network)
    {
        UInt128 value = Value(network.BaseAddress, out bool isV6);
        return Prefix(isV6, value, network.PrefixLength);
    }

    /// <summary>A range that the program itself writes down.</summary>
    public static AddressRange Known(string prefix) => Of(IPNetwork.Parse(prefix));

    /// <summary>
    /// An address or a prefix, host bits allowed, as a policy writes it. The plain forms only: four decimal numbers, or IPv6 without
    /// brackets and scope.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressRange range)
    {
        range = default;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> head = slash < 0 ? text : text[..slash];
        if (head.Length is 0 or > 45 || head.ContainsAnyExcept("0123456789abcdefABCDEF:.") || !IPAddress.TryParse(head, out IPAddress? address)
            || (address.AddressFamily == AddressFamily.InterNetwork && !head.SequenceEqual(address.ToString())))
        {
            return false;
        }

        UInt128 value = Value(address, out bool isV6);
        int length = isV6 ? 128 : 32;
        if (slash >= 0)
        {
            ReadOnlySpan<char> tail = text[(slash + 1)..];
            if (tail.Length is 0 or > 3 || (tail.Length > 1 && tail[0] == '0')
                || !int.TryParse(tail, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits > length)
            {
                return false;
            }

            length = bits;
        }

        range = Prefix(isV6, value, length);
        return true;
    }

    /// <summary>The range as the fewest prefixes, in order.</summary>
    public IEnumerable<(UInt128 Base, int Length)> Prefixes()
    {
        int width = IsV6 ? 128 : 32;
        UInt128 at = Low;
        while (true)
        {
            // The largest aligned block from here that ends within the range.
            int free = at == 0 ? width : Math.Min(width, (int)UInt128.TrailingZeroCount(at));
            while (free > 0 && at + Mask(free) > High)
            {
                free--;
            }

            yield return (at, width - free);
            UInt128 end = at + Mask(free);
            if (end >= High)
            {
                yield break;
            }

            at = end + 1;
        }
    }

    /// <summary>A single address, a prefix, or "low-high", as packet filters write them.</summary>
    public override string ToString()
    {
        if (IsSingle)
        {
            return Text(IsV6, Low);
        }

        UInt128 host = Low ^ High;
        int free = 128 - (int)UInt128.LeadingZeroCount(host);
        return host == Mask(free) && (Low & host) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Text(IsV6, Low)}/{(IsV6 ? 128 : 32) - free}")
            : Text(IsV6, Low) + "-" + Text(IsV6, High);
    }

    /// <summary>Always with its length: "192.0.2.1/32".</summary>
    public IEnumerable<string> PrefixTexts()
    {
        foreach ((UInt128 first, int length) in Prefixes())
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Text(IsV6, first)}/{length}");
        }
    }

    public static string Text(bool isV6, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new IPAddress(isV6 ? bytes : bytes[12..]).ToString();
    }

    static UInt128 Value(IPAddress address, out bool isV6)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        return isV6 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    static AddressRange Prefix(bool isV6, UInt128 value, int length)
    {
        UInt128 host = Mask((isV6 ? 128 : 32) - length);
        return new(isV6, value & ~host, value | host);
    }

    // A shift by the full width would be a shift by nothing.
    static UInt128 Mask(int bits) => bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1;
}
