using System;
using System.Collections.Generic;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// Whether what a STUN server claims to have seen can be true. A server may lie, and its claim is told to peers, who send datagrams
/// there: so it may name no machine that is not on the way to it. From a public server an address is public, unless it is one of this
/// machine's own (nothing translates); from a server on a private network it may be private; loopback is seen from loopback only.
/// </summary>
internal static class SeenEndpoint
{
    static ReadOnlySpan<byte> V4Mapped => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <summary>Whether a claim is believed.</summary>
    /// <param name="seen18">The claim.</param>
    /// <param name="server18">Who makes it.</param>
    /// <param name="own">Addresses of this machine, 16 bytes each.</param>
    /// <param name="never">Addresses that are behind the tunnel, 16 bytes each.</param>
    public static bool IsPlausible(ReadOnlySpan<byte> seen18, ReadOnlySpan<byte> server18, IEnumerable<byte[]> own, IEnumerable<byte[]> never)
    {
        ReadOnlySpan<byte> address = seen18[..16];
        if ((seen18[16] | seen18[17]) == 0 || IsV4(seen18) != IsV4(server18) || IsIn(never, address))
        {
            return false;
        }

        AddressScope scope = ScopeOf(address);
        return scope != AddressScope.None
            && (scope >= ScopeOf(server18[..16]) || (scope == AddressScope.Private && IsIn(own, address)));
    }

    /// <summary>Whether an endpoint is IPv4.</summary>
    public static bool IsV4(ReadOnlySpan<byte> endpoint18) => endpoint18.StartsWith(V4Mapped);

    /// <summary>How far an address of 16 bytes is good.</summary>
    public static AddressScope ScopeOf(ReadOnlySpan<byte> address) => IsV4(address) ? ScopeOfV4(address[12..16]) : ScopeOfV6(address);

    // RFC 6890; 192.0.2.0/24 and its like stay global: laboratories use them as the Internet.
    static AddressScope ScopeOfV4(ReadOnlySpan<byte> a) => (a[0], a[1]) switch
    {
        (0 or >= 224, _) or (169, 254) => AddressScope.None,
        (127, _) => IsRelayMark(a) ? AddressScope.None : AddressScope.Loopback,
        (10, _) or (192, 168) => AddressScope.Private,
        (172, >= 16 and < 32) or (100, >= 64 and < 128) => AddressScope.Private,
        _ => AddressScope.Global,
    };

    static AddressScope ScopeOfV6(ReadOnlySpan<byte> a)
    {
        bool low = a[..15].IndexOfAnyExcept((byte)0) < 0;
        return low && a[15] == 1 ? AddressScope.Loopback
            : low || a[0] == 0xff || (a[0] == 0xfe && (a[1] & 0x80) != 0) ? AddressScope.None
            : (a[0] & 0xfe) == 0xfc ? AddressScope.Private
            : AddressScope.Global;
    }

    // 127.3.3.40 stands for "through a relay" inside the engine and is never an address. data-plane.md section 4.5.
    static bool IsRelayMark(ReadOnlySpan<byte> a) => a[1] == 3 && a[2] == 3 && a[3] == 40;

    static bool IsIn(IEnumerable<byte[]> addresses, ReadOnlySpan<byte> address)
    {
        foreach (byte[] one in addresses)
        {
            if (address.SequenceEqual(one))
            {
                return true;
            }
        }

        return false;
    }
}
