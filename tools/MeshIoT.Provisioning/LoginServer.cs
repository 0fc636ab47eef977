using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.Provisioning;

/// <summary>
/// The address of a coordinator, from the host that a code names. Plain http is for the private networks where every
/// Tailscale client stays with it (loopback, RFC 1918, unique local IPv6, <c>localhost</c>); everything else is https.
/// </summary>
public static class LoginServer
{
    /// <summary>The URL of <paramref name="host"/>; port 0 leaves the scheme's own.</summary>
    public static Uri UrlOf(string host, int port = 0)
    {
        bool isAddress = IPAddress.TryParse(host, out IPAddress? address);
        bool isPrivate = isAddress ? IsPrivate(address!) : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);
        string name = isAddress && address!.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host.ToLowerInvariant();
        string where = port == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{port}");
        return new Uri($"{(isPrivate ? "http" : "https")}://{where}/");
    }

    /// <summary>True for loopback, 10/8, 172.16/12, 192.168/16, fc00::/7 and their IPv4-mapped forms.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal)
        {
            return true;
        }

        if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            return false;
        }

        Span<byte> b = stackalloc byte[4];
        address.TryWriteBytes(b, out _);
        return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
    }

    /// <summary>True for a DNS name or dotted IPv4 address that a code can carry: letters, digits, dots and dashes, at most 253.</summary>
    public static bool IsCodeHost(ReadOnlySpan<char> host)
    {
        if (host.Length is 0 or > 253)
        {
            return false;
        }

        int label = 0;
        bool numeric = true;
        char before = '.';
        foreach (char c in host)
        {
            bool dot = c == '.', dash = c == '-';
            if ((!dot && !dash && !char.IsAsciiLetterOrDigit(c)) || ((dot || dash) && before == '.') || (dot && before == '-'))
            {
                return false;
            }

            label = dot ? 0 : label + 1;
            if (label > 63)
            {
                return false;
            }

            numeric &= dot || char.IsAsciiDigit(c);
            before = c;
        }

        return before is not ('.' or '-') && (!numeric || IsDottedQuad(host));
    }

    static bool IsDottedQuad(ReadOnlySpan<char> host)
    {
        int parts = 0;
        foreach (Range range in host.Split('.'))
        {
            ReadOnlySpan<char> part = host[range];
            bool ok = byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _) && (part.Length == 1 || part[0] != '0');
            if (!ok || ++parts > 4)
            {
                return false;
            }
        }

        return parts == 4;
    }
}
