using System;
using System.Net;
using System.Net.Sockets;

namespace MeshIoT.Control;

/// <summary>
/// Where a login server is dialled: plain HTTP first, since Noise protects what is inside and a wrong clock then does not matter; HTTPS if that
/// fails or is slow; and never HTTPS where the person wrote http and the address cannot leave the site. control-plane.md section 3.3.
/// </summary>
/// <param name="First">Tried at once.</param>
/// <param name="Fallback">Tried when the first fails, or after half a second; null = never.</param>
/// <param name="FallbackIsPrimary">The person wrote https: the fallback's failure is the one to tell.</param>
public sealed record DialPlan(DialTarget First, DialTarget? Fallback, bool FallbackIsPrimary)
{
    /// <summary>How long the first try has before the fallback starts beside it.</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(500);

    const int HttpPort = 80, HttpsPort = 443;

    /// <summary>The plan for a login server's URL; false unless it is http or https with a host.</summary>
    public static bool TryCreate(Uri server, out DialPlan? plan)
    {
        plan = null;
        if (!server.IsAbsoluteUri || string.IsNullOrEmpty(server.DnsSafeHost))
        {
            return false;
        }

        string host = server.DnsSafeHost;
        if (server.Scheme == Uri.UriSchemeHttps)
        {
            plan = new(new(false, host, HttpPort), new DialTarget(true, host, server.Port), true);
        }
        else if (server.Scheme == Uri.UriSchemeHttp)
        {
            plan = new(new(false, host, server.Port), IsOnSite(host) ? null : new DialTarget(true, host, HttpsPort), false);
        }

        return plan is not null;
    }

    /// <summary>
    /// The plan when another dial was made a moment ago: something on the way may cut plain connections, so HTTPS comes first. It is all there is where
    /// the person wrote https; where http was written, it is still tried afterwards, since nothing else may listen.
    /// </summary>
    public DialPlan SoonAgain() => Fallback is not { } tls ? this : FallbackIsPrimary ? new(tls, null, true) : new(tls, First, true);

    /// <summary>The same ways to one address of the host.</summary>
    public DialPlan To(IPAddress address) => this with
    {
        First = First with { Address = address },
        Fallback = Fallback is { } fallback ? fallback with { Address = address } : null,
    };

    /// <summary>Loopback, RFC 1918, ULA (RFC 4193) or the name localhost; not 100.64.0.0/10.</summary>
    static bool IsOnSite(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!IPAddress.TryParse(host, out IPAddress? address))
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address))
        {
            return true;
        }

        byte[] b = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? b[0] == 10 || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168)
            : address.IsIPv6UniqueLocal;
    }
}
