using System;
using System.Globalization;
using System.Net;
using System.Text;

namespace MeshIoT.PortMap.Upnp;

/// <summary>
/// Looking for the gateway's UPnP side: the search, and what may be believed of answers and notices. UPnP Device Architecture 1.1 section 1.
/// </summary>
internal static class Ssdp
{
    public const int Port = 1900, LargestDatagram = 4096;
    const int LongestLocation = 256;

    /// <summary>Where searches go besides the gateway itself.</summary>
    public static readonly IPAddress Group = new([239, 255, 255, 250]);

    /// <summary>The search for gateways, and the one for everything that old routers answer instead.</summary>
    public static byte[][] Searches() => [Search("urn:schemas-upnp-org:device:InternetGatewayDevice:1"), Search("ssdp:all")];

    /// <summary>
    /// The description's address in an answer to a search. It must be plain HTTP at the gateway's own address in digits: an
    /// answer must not make us ask anybody else anything.
    /// </summary>
    public static bool TryReadAnswer(ReadOnlySpan<byte> datagram, IPAddress gateway, out Uri? location)
    {
        location = null;
        return datagram.Length <= LargestDatagram
            && (datagram.StartsWith("HTTP/1.1 200 "u8) || datagram.StartsWith("HTTP/1.0 200 "u8))
            && TryHeader(datagram, "LOCATION", out string text)
            && TryLocate(null, text, gateway, out location);
    }

    /// <summary>
    /// A notice of the gateway about its gateway device: that it goes (<paramref name="boot"/> null) or that it is there, with the number
    /// that changes at each start (-1 where it has none).
    /// </summary>
    public static bool TryReadNotice(ReadOnlySpan<byte> datagram, out long? boot)
    {
        boot = null;
        if (datagram.Length > LargestDatagram || !datagram.StartsWith("NOTIFY * HTTP/1.1\r\n"u8)
            || !TryHeader(datagram, "NT", out string type) || !type.Contains(":InternetGatewayDevice:", StringComparison.Ordinal)
            || !TryHeader(datagram, "NTS", out string kind))
        {
            return false;
        }

        if (kind == "ssdp:alive")
        {
            boot = BootOf(datagram);
        }

        return kind is "ssdp:alive" or "ssdp:byebye";
    }

    /// <summary>The number in an answer or a notice that changes at each start of the gateway; -1: it has none. UPnP 1.1 section 1.2.2.</summary>
    public static long BootOf(ReadOnlySpan<byte> datagram) =>
        TryHeader(datagram, "BOOTID.UPNP.ORG", out string text) && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : -1;

    /// <summary>
    /// An address, relative ones taken from <paramref name="from"/>; false unless it is http at the gateway's own address.
    /// </summary>
    public static bool TryLocate(Uri? from, string text, IPAddress gateway, out Uri? location)
    {
        location = null;
        if (text.Length is 0 or > LongestLocation || text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            return false;
        }

        bool absolute = text.StartsWith("http:", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(text, UriKind.Absolute, out location);
        if (!absolute && (from is null || text.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(from, text[0] == '/' ? text : "/" + text, out location)))
        {
            return false;
        }

        bool good = location!.Scheme == Uri.UriSchemeHttp && location.UserInfo.Length == 0 && location.Port is > 0 and <= 65535
            && location.HostNameType == UriHostNameType.IPv4 && IPAddress.TryParse(location.Host, out IPAddress? host) && host.Equals(gateway);
        location = good ? location : null;
        return good;
    }

    static byte[] Search(string target) => Encoding.ASCII.GetBytes(
        $"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST: {target}\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n\r\n");

    // The first header of that name, any case.
    static bool TryHeader(ReadOnlySpan<byte> message, string name, out string value)
    {
        value = string.Empty;
        while (message.IndexOf((byte)'\n') is >= 0 and int end)
        {
            ReadOnlySpan<byte> line = message[..end].TrimEnd((byte)'\r');
            message = message[(end + 1)..];
            if (line.IsEmpty)
            {
                return false;
            }

            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                value = Encoding.Latin1.GetString(line[(name.Length + 1)..]).Trim();
                return true;
            }
        }

        return false;
    }
}
