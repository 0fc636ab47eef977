using System;
using System.Collections.Generic;
using System.Net;
using System.Text;

namespace MeshIoT.PortMap.Upnp;

/// <summary>The gateway's description of itself: which services map ports, and where. UPnP Device Architecture 1.1 section 2.3.</summary>
internal static class GatewayDescription
{
    /// <summary>The largest one read, in bytes.</summary>
    public const int Largest = 64 * 1024;

    const int MostServices = 4;

    /// <summary>
    /// The services, best first, at most four; empty when the text is none, or has none. Where they are must be at the gateway's
    /// own address.
    /// </summary>
    public static IReadOnlyList<WanService> Read(ReadOnlySpan<byte> body, Uri location, IPAddress gateway)
    {
        if (body.Length > Largest)
        {
            return [];
        }

        XmlScanner xml = new(Encoding.UTF8.GetString(body));
        List<WanService> found = [];
        Uri from = location;
        string type = string.Empty, control = string.Empty;
        while (found.Count < MostServices)
        {
            switch (xml.Read())
            {
                case XmlToken.Open:
                    if (xml.Name == "service")
                    {
                        type = control = string.Empty;
                    }

                    break;
                case XmlToken.Close:
                    switch (xml.Name)
                    {
                        case "URLBase" when xml.Depth == 1 && Ssdp.TryLocate(null, xml.Text, gateway, out Uri? given):
                            from = given!;
                            break;
                        case "serviceType":
                            type = xml.Text;
                            break;
                        case "controlURL":
                            control = xml.Text;
                            break;
                        case "service" when WanService.RankOf(type) >= 0 && Ssdp.TryLocate(from, control, gateway, out Uri? where):
                            found.Add(new WanService(type, where!));
                            break;
                    }

                    break;
                case XmlToken.Malformed:
                    return [];
                default:
                    found.Sort(static (a, b) => WanService.RankOf(a.Type) - WanService.RankOf(b.Type));
                    return found;
            }
        }

        found.Sort(static (a, b) => WanService.RankOf(a.Type) - WanService.RankOf(b.Type));
        return found;
    }
}
